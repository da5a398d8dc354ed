# file of feature: passwords
"""Every way a sign-in can end, against everything that could outlive it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.core.principal import Principal
from app.extensions import db
from app.login import recognition, session_data
from app.login.points import KEPT_AT_SIGN_IN
from tests.conftest import (
    PASSWORD,
    Browser,
    Mailbox,
    Program,  # feature: api
)
from tests.social.conftest import link_identity  # feature: social

NEW_PASSWORD = "copper-window-eleven-moss"
KEPT = "shop.cart"
End = Callable[[Flask, Browser, Browser, Mailbox], None]


def sign_out(_: Flask, owner: Browser, __: Browser, ___: Mailbox) -> None:
    """Sign out here."""
    assert owner.sign_out().status_code == 303


# feature: devices
def sign_out_everywhere(_: Flask, __: Browser, elsewhere: Browser, ___: Mailbox) -> None:
    """Sign out everywhere, from another browser."""
    answer = elsewhere.submit("/account/devices/end-all", form="/account/devices")
    assert answer.status_code == 303


# endfeature
def change(_: Flask, __: Browser, elsewhere: Browser, ___: Mailbox) -> None:
    """Change the password in another browser."""
    form = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert elsewhere.submit("/account/password", **form).status_code == 303


def change_here(_: Flask, owner: Browser, __: Browser, ___: Mailbox) -> None:
    """Change the password in this very browser: the copy of its cookie must die too."""
    form = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert owner.submit("/account/password", **form).status_code == 303


def reset(app: Flask, _: Browser, __: Browser, mailbox: Mailbox) -> None:
    """Follow the mailed link of a forgotten password, in a browser of no importance."""
    somewhere = Browser(app)
    somewhere.submit("/password/forgot", email="ada@example.com")
    answer = somewhere.submit(mailbox.last_link(), password=NEW_PASSWORD)
    assert answer.status_code == 303


def deactivate(app: Flask, _: Browser, __: Browser, ___: Mailbox) -> None:
    """Switch the account off, and on again so that nothing but the end is left to refuse."""
    with app.app_context():
        accounts.deactivate(accounts.get_user("ada@example.com"))
        accounts.activate(accounts.get_user("ada@example.com"))
        db.session.commit()


# feature: profile
def delete(_: Flask, __: Browser, elsewhere: Browser, ___: Mailbox) -> None:
    """Ask for the account to be erased."""
    assert elsewhere.submit("/account/delete").status_code == 303


# endfeature
# feature: social
def unlink(app: Flask, _: Browser, elsewhere: Browser, __: Mailbox) -> None:
    """Unlink a provider, in another browser."""
    link_identity(app, "ada@example.com")
    answer = elsewhere.submit("/account/social/github/unlink", form="/account/social")
    assert answer.status_code == 303


# endfeature
ENDS: list[End] = [
    sign_out,
    sign_out_everywhere,  # feature: devices
    change,
    change_here,
    reset,
    deactivate,
    delete,  # feature: profile
    unlink,  # feature: social
]


@pytest.fixture(params=[{}, {"remember": "y"}], ids=["session cookie", "long cookie"])
def owner(request: pytest.FixtureRequest, app: Flask, user: str) -> Browser:
    """Somebody who is signed in and has something in their cart."""
    with app.app_context():
        KEPT_AT_SIGN_IN.add(app, KEPT)
    browser = Browser(app)
    browser.sign_in(user, **request.param)
    with app.app_context():
        session_data.write(principal(browser), KEPT, ["bread"])
        db.session.commit()
    return browser


def principal(browser: Browser) -> Principal:
    """Return who sits at a browser, as its session cookie says."""
    with browser.client.session_transaction(base_url="http://localhost:8000") as cookie:
        found = recognition.find_session(str(cookie.get("_user_id", "")))
    assert found, "nobody is signed in"
    return Principal(found.user_id, method="session", login_session_id=found.login_session_id)


@pytest.mark.asvs("7.2.1", "7.4.1", "7.4.2", "7.4.3")
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_copied_cookie_is_refused_after(
    app: Flask, user: str, owner: Browser, mailbox: Mailbox, end: End
) -> None:
    elsewhere, thief = Browser(app), Browser(app)
    elsewhere.sign_in(user)
    thief.put_cookie(owner.cookie())
    assert thief.is_signed_in()
    end(app, owner, elsewhere, mailbox)
    assert not thief.is_signed_in()
    assert "Ada Lovelace" not in thief.get("/").text


@pytest.mark.parametrize("end", [e for e in ENDS if e is not change_here], ids=lambda e: e.__name__)
def test_what_was_kept_with_the_sign_in_is_refused_after(
    app: Flask, user: str, owner: Browser, mailbox: Mailbox, end: End
) -> None:
    elsewhere = Browser(app)
    elsewhere.sign_in(user)
    end(app, owner, elsewhere, mailbox)
    again = owner.sign_in(user)
    if again.status_code != 303:
        again = owner.sign_in(user, NEW_PASSWORD)
    # feature: profile
    if again.headers["Location"] != "/":
        again = owner.submit(again.headers["Location"])  # keep the account after all
    # endfeature
    assert again.headers["Location"] == "/"
    with app.app_context():
        assert session_data.read(principal(owner), KEPT) is None


def test_without_an_end_it_is_kept(app: Flask, user: str, owner: Browser) -> None:
    """What the refusals above are held against."""
    owner.put_cookie("", "session")
    assert owner.sign_in(user).headers["Location"] == "/"
    with app.app_context():
        assert session_data.read(principal(owner), KEPT) == ["bread"]


# feature: api
def program_signs_out(_: Flask, owner: Program, __: Program, ___: Mailbox) -> None:
    """Sign this program out."""
    assert owner.post("/auth/logout").status_code == 204


def programs_sign_out(_: Flask, __: object, elsewhere: Program, ___: Mailbox) -> None:
    """Sign out everywhere, from another program."""
    assert elsewhere.post("/auth/logout-all").status_code == 204


def program_changes(_: Flask, __: object, elsewhere: Program, ___: Mailbox) -> None:
    """Change the password in another program."""
    form = {"current": PASSWORD, "password": NEW_PASSWORD}
    assert elsewhere.post("/auth/password/change", form).status_code == 200


def program_resets(_: Flask, __: object, elsewhere: Program, mailbox: Mailbox) -> None:
    """Follow the mailed link of a forgotten password through the API."""
    elsewhere.post("/auth/password/forgot", {"email": "ada@example.com"})
    token = mailbox.last_link().rsplit("/", 1)[-1]
    sent = {"token": token, "password": NEW_PASSWORD}
    assert elsewhere.post("/auth/password/reset", sent).status_code == 204


def in_a_browser(end: End) -> Callable[[Flask, Program, Program, Mailbox], None]:
    """Let the end come from a browser of the same account."""

    def from_there(app: Flask, _: Program, __: Program, mailbox: Mailbox) -> None:
        browser = Browser(app)
        assert browser.sign_in("ada@example.com").status_code == 303
        end(app, browser, browser, mailbox)

    from_there.__name__ = f"{end.__name__}_in_a_browser"
    return from_there


API_ENDS = [programs_sign_out, program_changes, program_resets]
EVERYWHERE = [end for end in ENDS if end not in (sign_out, change_here)]
PROGRAM_ENDS = [program_signs_out, *API_ENDS, *map(in_a_browser, EVERYWHERE)]


def opens(program: Program) -> bool:
    """Tell whether either of its tokens is still good for anything."""
    looked, refreshed = program.get("/me"), program.refresh()
    return (looked.status_code, refreshed.status_code) != (401, 401)


@pytest.mark.asvs("7.4.1", "7.4.2", "7.4.3", "10.4.9")
@pytest.mark.parametrize("end", PROGRAM_ENDS, ids=lambda end: end.__name__)
def test_copied_tokens_of_a_program_are_refused_after(
    app: Flask, user: str, mailbox: Mailbox, end: Callable[..., None]
) -> None:
    owner, elsewhere, thief = Program(app), Program(app), Program(app)
    for program in (owner, elsewhere):
        assert program.sign_in(user).status_code == 200
    thief.access_token, thief.refresh_token = owner.access_token, owner.refresh_token
    assert opens(thief)
    thief.access_token, thief.refresh_token = owner.access_token, owner.refresh_token
    end(app, owner, elsewhere, mailbox)
    assert not opens(thief)
    assert not opens(owner)
    assert opens(elsewhere) == (end is program_signs_out)


@pytest.mark.asvs("7.4.1", "7.4.2", "7.4.3")
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_token_lent_to_a_page_is_refused_after(
    app: Flask, user: str, owner: Browser, mailbox: Mailbox, end: End
) -> None:
    elsewhere, script = Browser(app), Program(app)
    elsewhere.sign_in(user)
    lent = owner.submit("/account/token", form="/").json
    script.access_token = lent["access_token"]
    assert script.is_signed_in()
    end(app, owner, elsewhere, mailbox)
    assert not script.is_signed_in()


@pytest.mark.asvs("7.4.1", "7.4.3")
@pytest.mark.parametrize("end", API_ENDS, ids=lambda end: end.__name__)
def test_a_copied_cookie_is_refused_after_an_end_through_the_api(
    app: Flask, user: str, owner: Browser, mailbox: Mailbox, end: Callable[..., None]
) -> None:
    program, thief = Program(app), Browser(app)
    program.sign_in(user)
    thief.put_cookie(owner.cookie())
    assert thief.is_signed_in()
    end(app, owner, program, mailbox)
    assert not thief.is_signed_in()
    assert not owner.is_signed_in()


# endfeature
