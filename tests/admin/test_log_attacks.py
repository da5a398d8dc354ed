"""What must never happen by way of the log in the administration."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.admin.conftest import ADA
from tests.admin.test_log import LOG, export, fill, titles
from tests.conftest import Browser, Clock
from tests.tables import Case

HTML = "<script>alert(1)</script>"


@pytest.mark.asvs("8.2.1", "16.4.2")
def test_without_the_permission_nothing_is_read_or_taken(
    helper: Callable[..., Browser],
) -> None:
    browser = helper("users:read", "users:write", "roles:read", "roles:write")
    assert browser.get(LOG).status_code == 403
    assert browser.get(f"{LOG}/export").status_code == 403
    assert browser.submit(f"{LOG}/export", "/account").status_code == 403


@pytest.mark.asvs("8.2.1")
def test_who_may_read_the_log_is_led_to_nothing_else(helper: Callable[..., Browser]) -> None:
    browser = helper("security_log:read")
    page = browser.get(LOG)
    assert page.status_code == 200
    assert "/admin/users/" not in page.text


@pytest.mark.asvs("7.5.3")
def test_an_old_proof_takes_nothing_away(moving_clock: Clock, administrator: Browser) -> None:
    moving_clock.forward(minutes=14)
    for answer in (
        administrator.get(f"{LOG}/export?account={ADA}"),
        administrator.submit(f"{LOG}/export", "/account"),
    ):
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/reauthenticate")
    assert "Log exported" not in titles(administrator)


@pytest.mark.asvs("3.5.1")
def test_another_site_takes_nothing_away(administrator: Browser) -> None:
    assert administrator.post(f"{LOG}/export").status_code == 400
    assert "Log exported" not in titles(administrator)


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\uff1d", ' "=', "|"])
def test_no_cell_of_the_table_is_a_formula(
    app: Flask, administrator: Browser, new_browser: Callable[..., Browser], first: str
) -> None:
    stranger = new_browser("198.51.100.4")
    stranger.client.environ_base["HTTP_USER_AGENT"] = (
        f'{first}HYPERLINK("https://evil.example","x")'.encode().decode("latin-1")
    )
    stranger.sign_in(ADA, "not-the-password-of-anybody")
    header, *rows = export(administrator, "?kind=sign_in_refused")
    cells = [row[header.index("user_agent")] for row in rows]
    assert len(cells) == 1
    assert "HYPERLINK" in cells[0]
    assert all(cell[:1] not in set("=+-@\t\r\uff1d") for row in rows for cell in row)


@pytest.mark.asvs("1.2.1")
def test_html_in_an_agent_or_a_filter_is_shown_as_text(
    app: Flask, administrator: Browser, new_browser: Callable[..., Browser]
) -> None:
    stranger = new_browser("198.51.100.4")
    stranger.client.environ_base["HTTP_USER_AGENT"] = HTML
    stranger.sign_in(ADA, "not-the-password-of-anybody")
    for query in ("", f"?account={HTML}", f"?since={HTML}", '?account="><b>', f"?kind={HTML}"):
        page = administrator.get(f"{LOG}{query}").text
        assert HTML not in page
        assert '"><b>' not in page


NOBODY = ["%25", "_", "%25@example.com", "%00", "a%00b@example.com", "'%20OR%201=1--", "*"]


@pytest.mark.asvs("1.2.4")
def test_a_sign_of_the_database_finds_nobody(administrator: Browser, case: Case) -> None:
    for account in NOBODY:
        with case(account=account):
            for path in (f"{LOG}?account={account}", f"{LOG}/export?account={account}"):
                assert administrator.get(path).status_code == 200
            assert titles(administrator, f"?account={account}") == []
            assert len(export(administrator, f"?account={account}")) == 1


NO_CURSORS = ["x", "%00", "A" * 5000, "%F0%9F%8E%89", "../.."]


def test_a_cursor_that_is_none_begins_again(administrator: Browser, case: Case) -> None:
    for cursor in NO_CURSORS:
        with case(cursor=cursor):
            answer = administrator.get(f"{LOG}?account={ADA}&cursor={cursor}")
            assert (answer.status_code, answer.headers["Location"]) == (303, f"{LOG}?account={ADA}")


@pytest.mark.asvs("8.2.2")
def test_a_cursor_fits_no_other_list_and_no_other_person(
    app: Flask, administrator: Browser, helper: Callable[..., Browser]
) -> None:
    fill(app, 60)
    page = administrator.get(LOG).text
    cursor = page.partition("cursor=")[2].partition('"')[0]
    assert administrator.get(f"{LOG}?cursor={cursor}").status_code == 200
    assert administrator.get(f"{LOG}?kind=signed_out&cursor={cursor}").status_code == 303
    assert administrator.get(f"/admin/roles/admin?cursor={cursor}").status_code == 303
    assert helper("security_log:read").get(f"{LOG}?cursor={cursor}").status_code == 303
