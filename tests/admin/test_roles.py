"""Roles in the administration: seen, made, changed and removed."""

import re

from flask import Flask

from tests.admin.conftest import ADA, GRACE, allowed, give, make
from tests.conftest import Browser

ROLES = "/admin/roles"


def write(browser: Browser, path: str, *permissions: str, **fields: str) -> int:
    """Tick permissions on a page, send it, and return the status."""
    return browser.submit(path, permissions=list(permissions), **fields).status_code


def ticked(browser: Browser) -> set[str]:
    """Return what is ticked on the page that was answered last."""
    assert browser.page is not None
    return set(re.findall(r'name="permissions" value="([^"]+)" checked', browser.page.text))


def test_every_role_is_listed_with_what_it_allows_and_how_many_have_it(
    app: Flask, administrator: Browser
) -> None:
    make(app, GRACE)
    give(app, GRACE, "reader", "users:read", "roles:read")
    page = " ".join(administrator.get(ROLES).text.split())
    assert ">admin</a></h2> <p>1 account. Allows " in page
    assert ">reader</a></h2> <p>1 account. Allows roles:read, users:read.</p>" in page


def test_a_role_is_made(app: Flask, administrator: Browser) -> None:
    sent = administrator.submit("/admin/new-role", name=" reader ", permissions=["users:read"])
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{ROLES}/reader")
    assert allowed(app)["reader"] == ("users:read",)
    assert "The role reader is made." in administrator.get(f"{ROLES}/reader").text


def test_a_role_may_be_called_as_a_page_is(app: Flask, administrator: Browser) -> None:
    for name in ("new", "permissions", "new-role", "delete"):
        assert write(administrator, "/admin/new-role", name=name) == 303
        assert f"<h1>{name}</h1>" in administrator.get(f"{ROLES}/{name}").text
        assert write(administrator, f"{ROLES}/{name}/permissions", "users:read") == 303
        assert allowed(app)[name] == ("users:read",)


def test_a_role_is_changed_to_what_is_ticked(app: Flask, administrator: Browser) -> None:
    write(administrator, "/admin/new-role", "users:read", "roles:read", name="reader")
    path = f"{ROLES}/reader/permissions"
    administrator.get(path)
    assert ticked(administrator) == {"users:read", "roles:read"}
    assert write(administrator, path, "users:write", "users:read") == 303
    assert allowed(app)["reader"] == ("users:read", "users:write")
    assert write(administrator, path) == 303
    assert allowed(app)["reader"] == ()
    assert "Allows nothing yet." in administrator.get(f"{ROLES}/reader").text


def test_a_role_is_removed_after_one_more_question(app: Flask, administrator: Browser) -> None:
    make(app, GRACE)
    give(app, GRACE, "reader")
    assert "1 account loses it" in administrator.get(f"{ROLES}/reader/delete").text
    assert "reader" in allowed(app)
    assert administrator.submit(f"{ROLES}/reader/delete").status_code == 303
    assert "reader" not in allowed(app)
    assert administrator.get(f"{ROLES}/reader").status_code == 404


def test_what_is_refused_keeps_what_was_typed(app: Flask, administrator: Browser) -> None:
    give(app, ADA, "taken")
    for name, sentence in (
        ("taken", "There is a role of this name."),
        ("admin", "There is a role of this name."),
        ("Two Words", "Use small letters, digits and hyphens"),
        ("x" * 41, "Use at most 40 characters."),
        ("", "The role needs a name."),
    ):
        sent = administrator.submit("/admin/new-role", name=name, permissions=["users:read"])
        assert sent.status_code == 422
        assert sentence in sent.text
        assert f'value="{name}"' in sent.text
        assert ticked(administrator) == {"users:read"}
    assert sorted(allowed(app)) == ["admin", "taken"]


def test_holders_are_listed_page_by_page_to_who_may_see_accounts(
    app: Flask, administrator: Browser
) -> None:
    emails = [f"user-{n:02}@example.com" for n in range(27)]
    for email in emails:
        make(app, email)
        give(app, email, "reader")
    page = administrator.get(f"{ROLES}/reader").text
    assert re.findall(r">(user-\d+@example.com)<", page) == emails[:25]
    more = re.search(r'rel="next" href="([^"]+)"', page)
    assert more
    assert re.findall(r">(user-\d+@example.com)<", administrator.get(more[1]).text) == emails[25:]
    elsewhere = administrator.get(more[1].replace("/reader?", "/admin?"))
    assert (elsewhere.status_code, elsewhere.headers["Location"]) == (303, f"{ROLES}/admin")
