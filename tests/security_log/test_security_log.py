"""What is stored of what happens, and what the owner of an account sees of it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import personal_data
from app.accounts import service as accounts
from app.core.limits import limiter
from app.core.throttle import FREE_TRIES
from app.extensions import db
from app.security_log.views import ON_A_PAGE
from tests.conftest import (
    PASSWORD,
    Browser,
    Mailbox,
    Program,  # feature: api
)
from tests.security_log.conftest import (
    ADA,
    FIREFOX,
    LOG,
    WRONG,
    buttons,
    events,
    kinds,
    origins,
    press,
    public_id,
    sign_in_as,
    titles,
)
from tests.tables import Case

NEW_PASSWORD = "copper-window-eleven-moss"
Way = Callable[[Browser, Mailbox], object]


def reset(browser: Browser, mailbox: Mailbox) -> None:
    browser.submit("/password/forgot", email=ADA)
    browser.submit(mailbox.last_link(ADA), password=NEW_PASSWORD)


def signed_in_and(path: str, **fields: str) -> Way:
    """Return a way that signs in and sends one form."""

    def go(browser: Browser, _: Mailbox) -> None:
        browser.sign_in(ADA)
        browser.submit(path, form=fields.pop("form", None), **fields)

    return go


# How somebody comes, and which events that makes: kind, and whether they were recognised.
WAYS: dict[str, tuple[Way, list[tuple[str, bool]]]] = {
    "sign in": (lambda browser, _: browser.sign_in(ADA), [("signed_in", False)]),
    "with a wrong password": (
        lambda browser, _: browser.sign_in(ADA, WRONG),
        [("sign_in_refused", False)],
    ),
    "out again": (
        signed_in_and("/logout", form="/"),
        [("signed_in", False), ("signed_out", True)],
    ),
    "password again": (
        signed_in_and("/reauthenticate", password=PASSWORD),
        [("signed_in", False), ("reauthenticated", True)],
    ),
    "wrong password again": (
        signed_in_and("/reauthenticate", password=WRONG),
        [("signed_in", False), ("reauthentication_refused", True)],
    ),
    "change the password": (
        signed_in_and("/account/password", current=PASSWORD, password=NEW_PASSWORD),
        [("signed_in", False), ("password_changed", True)],
    ),
    "change it, not knowing it": (
        signed_in_and("/account/password", current=WRONG, password=NEW_PASSWORD),
        [("signed_in", False), ("reauthentication_refused", True)],
    ),
    "forgotten": (reset, [("password_reset_requested", False), ("password_changed", False)]),
    "register again": (
        lambda browser, _: browser.register(ADA),
        [("registered_again", False)],
    ),
}


@pytest.mark.asvs("16.2.1", "16.3.1")
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_in_is_stored_with_who_and_where(
    app: Flask,
    user: str,
    browser: Browser,
    mailbox: Mailbox,
    way: tuple[Way, list[tuple[str, bool]]],
) -> None:
    go, expected = way
    before = len(events(app))
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    go(browser, mailbox)
    stored, ada = events(app)[before:], public_id(app)
    assert [(event.kind, event.actor == ada) for event in stored] == expected
    for event, origin in zip(stored, origins(app)[-len(stored) :], strict=True):
        assert event.account == ada
        assert event.method == ("session" if event.actor else "none")
        assert re.fullmatch(r"[0-9a-f]{32}", event.request_id)
        assert event.happened_at.utcoffset() is not None
        assert (origin.event_id, origin.address, origin.user_agent) == (
            event.id,
            "127.0.0.1",
            FIREFOX,
        )


# feature: api
@pytest.mark.asvs("16.3.1")
def test_a_program_is_stored_like_a_page(app: Flask, user: str, program: Program) -> None:
    program.sign_in(user, WRONG)
    program.sign_in(user)
    program.post("/auth/reauthenticate", {"password": WRONG})
    changed = {"current": WRONG, "password": NEW_PASSWORD}
    program.post("/auth/password/change", changed)
    program.post("/auth/logout")
    stored = events(app)[1:]  # behind the making of the account
    assert [(event.kind, event.method) for event in stored] == [
        ("sign_in_refused", "none"),
        ("signed_in", "none"),
        ("reauthentication_refused", "jwt"),
        ("reauthentication_refused", "jwt"),
        ("signed_out", "jwt"),
    ]


# endfeature
@pytest.mark.asvs("16.3.1")
def test_a_wrong_password_for_a_registration_is_stored(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    browser.register(ADA)
    browser.submit(mailbox.last_link(ADA), password=WRONG)
    assert kinds(app) == ["registered", "confirmation_refused"]


def test_what_is_done_at_the_terminal_says_so(app: Flask, user: str, signed_in: Browser) -> None:
    done = app.test_cli_runner().invoke(args=["accounts", "deactivate", user])
    assert done.exit_code == 0
    (event,) = [event for event in events(app) if event.kind == "account_deactivated"]
    assert (event.account, event.actor, event.method) == (public_id(app), None, "command")
    assert event.id not in [origin.event_id for origin in origins(app)]


@pytest.mark.asvs("6.3.1", "16.3.3")
def test_a_wait_is_stored_once_however_often_it_is_tried(app: Flask, user: str) -> None:
    for number in range(FREE_TRIES + 4):
        Browser(app, f"203.0.113.{number}").sign_in(user, WRONG)
    assert kinds(app).count("sign_in_refused") == FREE_TRIES
    (slowed,) = [event for event in events(app) if event.kind == "guessing_slowed"]
    assert (slowed.account, slowed.details) == (public_id(app), {"seconds": 30})


def test_an_event_goes_when_its_cause_is_rolled_back(app: Flask, user: str) -> None:
    before = kinds(app)
    with app.app_context():
        accounts.deactivate(accounts.get_user(user))
        db.session.rollback()
    assert kinds(app) == before


# --- The page -------------------------------------------------------------------------------------


def test_the_owner_reads_what_happened_in_plain_words(
    signed_in: Browser, user: str, new_browser: Callable[..., Browser]
) -> None:
    sign_in_as(new_browser("203.0.113.7"), FIREFOX, password=WRONG)
    assert titles(signed_in)[:2] == ["Sign-in refused", "Signed in"]
    page = signed_in.get(LOG).text
    assert "Somebody tried to sign in and did not know the password" in page
    assert "By somebody from outside: Firefox 131 on Linux, from 203.0.113.7." in page
    assert "Somebody came in with all that the account asks for: a password." in page


def test_the_account_page_leads_to_the_log(signed_in: Browser) -> None:
    assert f'href="{LOG}"' in signed_in.get("/account").text


def test_long_logs_come_in_pages_and_end(app: Flask, signed_in: Browser) -> None:
    for number in range(ON_A_PAGE):
        if number % 10 == 0:
            with app.app_context():
                limiter.reset()
        signed_in.submit("/reauthenticate", password=PASSWORD)
    first = signed_in.get(LOG).text
    assert first.count('<li class="event">') == ON_A_PAGE
    assert "Newest" not in first
    (older,) = re.findall(r'rel="next" href="([^"]+)"', first)
    # What comes meanwhile moves nothing.
    with app.app_context():
        limiter.reset()
    signed_in.submit("/reauthenticate", password=PASSWORD)
    last = signed_in.get(older).text
    seen = re.findall(r"log/([0-9a-f-]{36})/not-me", first + last)
    assert len(seen) == len(set(seen)) == ON_A_PAGE + 1
    assert "Signed in" in last
    assert 'rel="next"' not in last
    assert f'<a href="{LOG}">Newest</a>' in last


NO_CURSORS = ["", "x", "%00", "A" * 5000, "%F0%9F%92%A9", "eyJhIjoxfQ", "a&cursor=b"]


def test_a_cursor_that_is_none_begins_again(signed_in: Browser, case: Case) -> None:
    for cursor in NO_CURSORS:
        with case(cursor=cursor):
            refused = signed_in.get(f"{LOG}?cursor={cursor}")
            assert (refused.status_code, refused.headers["Location"]) == (303, LOG)


@pytest.mark.asvs("7.4.3", "7.5.2")
def test_this_was_not_me_ends_everything_and_mails_a_way_back(
    app: Flask, signed_in: Browser, mailbox: Mailbox, new_browser: Callable[..., Browser]
) -> None:
    thief = new_browser("203.0.113.7")
    assert thief.sign_in(ADA).status_code == 303
    pressed = press(signed_in, buttons(signed_in)[0])
    assert pressed.status_code == 303
    assert pressed.headers["Location"] == f"{LOG}/not-me"
    assert "Now choose a new password" in signed_in.get(f"{LOG}/not-me").text
    assert not signed_in.is_signed_in()
    assert not thief.is_signed_in()
    with app.app_context():
        assert personal_data.export(accounts.get_user(ADA))["login"]["known_browsers"] == []
    link = mailbox.last_link(ADA)
    assert signed_in.submit(link, password=NEW_PASSWORD).headers["Location"] == "/login"
    assert thief.sign_in(ADA).status_code == 422
    assert signed_in.sign_in(ADA, NEW_PASSWORD).status_code == 303
    said = [event for event in events(app) if event.kind == "event_disowned"]
    assert [(event.actor, event.details) for event in said] == [
        (public_id(app), {"disowned": "signed_in"})
    ]


def test_what_a_stranger_or_the_site_did_is_not_offered(app: Flask, signed_in: Browser) -> None:
    Browser(app).sign_in(ADA, WRONG)
    Browser(app).submit("/password/forgot", email=ADA)
    for command in ("deactivate", "activate"):
        assert app.test_cli_runner().invoke(args=["accounts", command, ADA]).exit_code == 0
    signed_in.sign_in(ADA)
    assert titles(signed_in)[1:5] == [
        "Account switched on",
        "Account switched off",
        "New password asked for",
        "Sign-in refused",
    ]
    ids = [address.split("/")[3] for address in buttons(signed_in)]
    disowned = [event.kind for event in events(app) if str(event.public_id) in ids]
    assert disowned == ["signed_in", "signed_in"]


def test_a_copy_of_ones_data_holds_the_log(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        copy = personal_data.export(accounts.get_user(ADA))["security_log"]
    assert [event["kind"] for event in copy][:1] == ["signed_in"]
    assert copy[0]["address"] == "127.0.0.1"
