"""Finding an account, looking at it, and acting on it."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.service import get_user
from app.extensions import db
from tests.admin.conftest import ADA, GRACE, give, make, make_role
from tests.conftest import Browser, Clock, Mailbox
from tests.statements import collected
from tests.tables import Case

USERS = "/admin/users"
Helper = Callable[..., Browser]


def page_of(app: Flask, email: str) -> str:
    """Return the address of an account's page."""
    with app.app_context():
        return f"{USERS}/{UUID(get_user(email).public_id)}"


def act(browser: Browser, page: str, what: str, **fields: str) -> int:
    """Press a button of an account's page."""
    return browser.submit(f"{page}/{what}", form=page, **fields).status_code


def listed(text: str) -> list[str]:
    """Return the addresses in a list, in its order."""
    return re.findall(r"<span>([^<]+@[^<]+)</span>", text)


@pytest.fixture
def grace(app: Flask) -> str:
    """The page of somebody else's account."""
    make(app, GRACE)
    return page_of(app, GRACE)


def test_the_menu_leads_whoever_may_follow(app: Flask, administrator: Browser) -> None:
    front = administrator.get("/admin")
    assert "Sign-ins that are open" in front.text
    assert f'href="{USERS}"' in front.text
    assert "Administration" in administrator.get("/").text


def test_the_newest_come_first_and_the_rest_page_by_page(
    app: Flask, administrator: Browser
) -> None:
    for number in range(30):
        make(app, f"n{number:02}@example.com")
    first = administrator.get(USERS)
    found = listed(first.text)
    assert found == [f"n{number:02}@example.com" for number in range(29, 4, -1)]
    more = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert more
    second = administrator.get(more[1].replace("&amp;", "&"))
    assert listed(second.text) == [*(f"n0{number}@example.com" for number in range(4, -1, -1)), ADA]
    assert 'rel="next"' not in second.text


SEARCHES = [
    ("gr", [GRACE, "x@example.org"]),  # address and name begin so: once
    ("GRACE H", [GRACE]),
    ("grüß", ["x@example.org"]),
    ("GRÜSS", ["x@example.org"]),  # as the case is folded: the sharp s is two
    ("x@", ["x@example.org"]),
    ("hopper", []),
    ("%", []),
    ("_", []),
    ("\x00", ["x@example.org", GRACE, ADA]),
    ("a" * 5000, []),
]


def test_people_are_found_by_how_address_or_name_begins(
    app: Flask, administrator: Browser, case: Case
) -> None:
    make(app, GRACE)
    make(app, "x@example.org", "Grüßer")
    for search, found in SEARCHES:
        with case(search=search, found=found):
            page = administrator.get(USERS, query_string={"search": search})
            assert listed(page.text) == found


def test_a_search_goes_on_where_it_stopped(app: Flask, administrator: Browser) -> None:
    for number in range(30):
        make(app, f"n{number:02}@example.com", "Nobody")
    first = administrator.get(USERS, query_string={"search": "n"})
    more = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert more
    rest = administrator.get(more[1].replace("&amp;", "&"))
    both = listed(first.text) + listed(rest.text)
    assert both == [f"n{number:02}@example.com" for number in range(30)]


def test_the_directory_follows_a_change_of_name_and_address(
    app: Flask, administrator: Browser, grace: str
) -> None:
    with app.app_context():
        user = get_user(GRACE)
        user.name, user.email = "Zora", "zora@example.com"
        db.session.commit()
    assert listed(administrator.get(f"{USERS}?search=zo").text) == ["zora@example.com"]
    assert listed(administrator.get(f"{USERS}?search=gr").text) == []


def test_a_cursor_that_does_not_fit_begins_again(app: Flask, administrator: Browser) -> None:
    answer = administrator.get(f"{USERS}?cursor=nonsense&search=ada")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{USERS}?search=ada")


def test_a_list_of_any_length_asks_as_often(app: Flask, administrator: Browser) -> None:
    counts = []
    for number in range(20):
        make(app, f"n{number}@example.com")
        if number in (1, 19):
            with collected(app) as asked:
                administrator.get(USERS)
                administrator.get(f"{USERS}?search=n")
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_leads_to_the_page(app: Flask, administrator: Browser, grace: str) -> None:
    for path in (USERS, f"{USERS}?search=grace"):
        assert f'href="{grace}"' in administrator.get(path).text


def test_a_page_shows_state_roles_sign_ins_and_events(
    app: Flask, administrator: Browser, new_browser: Helper, grace: str
) -> None:
    new_browser("203.0.113.9").sign_in(GRACE)
    give(app, GRACE, "editor")
    text = administrator.get(grace).text
    for shown in (GRACE, "active", "editor", "203.0.113.9", "Signed in", "What happened"):
        assert shown in text


def test_an_account_is_switched_off_and_on(
    app: Flask, administrator: Browser, new_browser: Helper, grace: str
) -> None:
    hers = new_browser()
    hers.sign_in(GRACE)
    assert act(administrator, grace, "deactivate") == 303
    assert not hers.is_signed_in()
    assert "switched off" in administrator.get(grace).text
    assert act(administrator, grace, "deactivate") == 303  # pressed twice
    assert act(administrator, grace, "activate") == 303
    assert hers.sign_in(GRACE).status_code == 303


def test_every_sign_in_is_ended_or_one(
    app: Flask, administrator: Browser, new_browser: Helper, grace: str
) -> None:
    phone, laptop = new_browser(), new_browser()
    phone.sign_in(GRACE)
    laptop.sign_in(GRACE)
    ends = re.findall(r'action="([^"]+/sessions/[^"]+/end)"', administrator.get(grace).text)
    assert len(ends) == 2
    assert administrator.submit(ends[0], form=grace).status_code == 303
    assert [phone.is_signed_in(), laptop.is_signed_in()] == [True, False]
    assert administrator.submit(ends[0], form=grace).status_code == 404
    assert act(administrator, grace, "end-sessions") == 303
    assert not phone.is_signed_in()


def test_a_new_password_is_required(
    app: Flask, administrator: Browser, new_browser: Helper, mailbox: Mailbox, grace: str
) -> None:
    hers = new_browser()
    hers.sign_in(GRACE)
    assert act(administrator, grace, "require-password") == 303
    assert not hers.is_signed_in()
    assert hers.sign_in(GRACE).status_code == 422
    (_, subject, _) = mailbox.mails(GRACE)[-1]
    assert subject == "Choose a new password for Example House"
    assert mailbox.last_link(GRACE) == "/password/forgot"
    hers.submit("/password/forgot", email=GRACE)
    hers.submit(mailbox.last_link(GRACE), password="quiet-maple-lantern-orbit")
    assert hers.sign_in(GRACE, "quiet-maple-lantern-orbit").status_code == 303


def test_a_role_is_given_and_taken(
    app: Flask, administrator: Browser, new_browser: Helper, grace: str
) -> None:
    hers = new_browser()
    hers.sign_in(GRACE)
    assert hers.get(USERS).status_code == 403
    assert act(administrator, grace, "roles", role="admin") == 303
    assert hers.get(USERS).status_code == 200
    assert act(administrator, grace, "roles/admin/revoke") == 303
    assert hers.get(USERS).status_code == 403
    assert act(administrator, grace, "roles", role="nobody") == 404


def test_only_roles_that_one_may_give_are_offered(app: Flask, helper: Helper) -> None:
    make(app, ADA)
    make_role(app, "plain")
    make_role(app, "editor", "users:write")
    browser = helper("users:read", "roles:write")
    assert re.findall("<option>([^<]+)</option>", browser.get(page_of(app, ADA)).text) == [
        "helper",
        "plain",
    ]


def test_whatever_is_done_stands_in_the_log(
    app: Flask, administrator: Browser, new_browser: Helper, grace: str
) -> None:
    new_browser().sign_in(GRACE)
    for what in ("end-sessions", "deactivate", "activate", "require-password"):
        assert act(administrator, grace, what) == 303
    act(administrator, grace, "roles", role="admin")
    hers = administrator.get(grace).text
    for title in (
        "Signed out everywhere",
        "Account switched off",
        "Account switched on",
        "New password required",
        "Role given",
    ):
        assert title in hers
    assert "By an administrator" in hers


def test_fresh_proof_is_asked_for(
    app: Flask, administrator: Browser, moving_clock: Clock, grace: str
) -> None:
    moving_clock.forward(minutes=11)
    answer = administrator.submit(f"{grace}/deactivate", form=grace)
    assert answer.headers["Location"].startswith("/reauthenticate")
    assert "active" in administrator.get(grace).text
