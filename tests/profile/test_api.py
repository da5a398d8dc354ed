"""The account page for programs, and what it must never do."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.core import clock, throttle
from app.extensions import db
from app.login.models import LoginSession
from tests.api.bodies import assert_only_this_is_taken, everything
from tests.conftest import PASSWORD, Browser, Mailbox, Program, without_chance
from tests.login.riddle import ask_riddle
from tests.profile.conftest import THIEF
from tests.profile.test_profile import NEW, NEWER, address_of

NewProgram = Callable[..., Program]
CONFIRM, UNDO, KEEP = "/me/email/confirm", "/auth/email/undo", "/auth/keep"


def secret(mailbox: Mailbox, email: str) -> dict[str, str]:
    """Return what follows the newest link in an inbox."""
    return {"token": mailbox.last_link(email).rpartition("/")[2]}


def ask(program: Program, mailbox: Mailbox, email: str = NEW) -> dict[str, str]:
    """Ask for another address and return what moves the account there."""
    assert program.post("/me/email", {"email": email}).status_code == 202
    return secret(mailbox, email)


def move(program: Program, mailbox: Mailbox, email: str = NEW) -> dict[str, str]:
    """Move the account and return what takes that back."""
    before = program.get("/me").get_json()["email"]
    assert program.post(CONFIRM, ask(program, mailbox, email)).status_code == 200
    return secret(mailbox, before)


@pytest.fixture
def thief(app: Flask, new_program: NewProgram) -> Program:
    """A program of somebody who has an account of their own."""
    with app.app_context():
        accounts.create(email=THIEF, name="Mallory", password=PASSWORD, confirmed=True)
        db.session.commit()
    program = new_program()
    program.sign_in(THIEF)
    return program


def test_a_name_is_changed(signed_in_program: Program, user: str) -> None:
    answer = signed_in_program.call("PATCH", "/me", {"name": "  Ada King "})
    assert answer.status_code == 200
    assert (answer.get_json()["name"], answer.get_json()["email"]) == ("Ada King", user)
    assert signed_in_program.get("/me").get_json() == answer.get_json()


def test_an_address_is_changed_by_the_mailed_token(
    signed_in_program: Program, user: str, mailbox: Mailbox
) -> None:
    sent = ask(signed_in_program, mailbox)
    waiting = {"email": user, "new_email": NEW}
    assert signed_in_program.get("/me/email").get_json() == waiting
    assert signed_in_program.post(CONFIRM, sent).get_json()["email"] == NEW
    assert signed_in_program.get("/me/email").get_json() == {"email": NEW, "new_email": None}


def test_the_old_address_takes_a_change_back(
    app: Flask,
    signed_in_program: Program,
    new_program: NewProgram,
    user: str,
    mailbox: Mailbox,
) -> None:
    sent = move(signed_in_program, mailbox)
    assert new_program().post(UNDO, sent).status_code == 204
    assert address_of(app) == user
    assert not signed_in_program.is_signed_in()
    assert signed_in_program.refresh().status_code == 401


def test_a_copy_holds_what_every_feature_knows_and_no_secret(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    answer = signed_in_program.get("/me/export")
    assert answer.headers["Cache-Control"] == "no-store"
    known = answer.get_json()
    assert known["accounts"]["email"] == user
    assert {"accounts", "login", "profile", "api"} <= known.keys()
    with app.app_context():
        owner = accounts.get_user(user)
        hashes = db.session.scalars(select(LoginSession.secret_hash)).all()
        for kept in (str(owner.password_hash), *hashes):
            assert kept not in answer.text


def test_a_deletion_is_planned_and_taken_back_at_the_door(
    signed_in_program: Program, user: str, mailbox: Mailbox
) -> None:
    answer = signed_in_program.call("DELETE", "/me")
    assert answer.status_code == 202
    erase_at = datetime.fromisoformat(answer.get_json()["erase_at"])
    assert abs(erase_at - clock.now() - timedelta(days=14)) < timedelta(minutes=1)
    assert not signed_in_program.is_signed_in()
    asked = signed_in_program.sign_in(user)
    assert (asked.status_code, asked.get_json()["code"]) == (401, "keep_account_required")
    assert asked.get_json()["address"] == "/api/v1/auth/token/keep"
    sent = {"attempt": asked.get_json()["attempt"]}
    assert signed_in_program.keep(signed_in_program.post("/auth/token/keep", sent))
    assert signed_in_program.is_signed_in()
    subjects = [subject for _, subject, _ in mailbox.mails(user)]
    assert "Your account at Example House stays" in subjects
    assert signed_in_program.post("/auth/token/keep", sent).status_code == 401


def test_the_mailed_token_keeps_and_opens_nothing(
    signed_in_program: Program, new_program: NewProgram, user: str, mailbox: Mailbox
) -> None:
    signed_in_program.call("DELETE", "/me")
    anywhere = new_program()
    answer = anywhere.post(KEEP, secret(mailbox, user))
    assert (answer.status_code, answer.data) == (204, b"")
    assert not anywhere.is_signed_in()
    assert signed_in_program.sign_in(user).status_code == 200


@pytest.mark.asvs("7.4.3")
def test_every_token_and_cookie_is_refused_once_deletion_is_planned(
    signed_in: Browser, signed_in_program: Program, new_program: NewProgram, user: str
) -> None:
    elsewhere = new_program()
    elsewhere.sign_in(user)
    assert signed_in_program.call("DELETE", "/me").status_code == 202
    for program in (signed_in_program, elsewhere):
        assert not program.is_signed_in()
        program.access_token = ""
        assert program.refresh().status_code == 401
    assert not signed_in.is_signed_in()


@pytest.mark.asvs("6.3.4")
def test_keeping_an_account_is_no_way_round_a_login_step(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    signed_in_program.call("DELETE", "/me")
    ask_riddle(app)
    attempt = signed_in_program.sign_in(user).get_json()["attempt"]
    answer = signed_in_program.post("/auth/token/keep", {"attempt": attempt})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "browser_required")
    with app.app_context():
        assert db.session.scalars(select(LoginSession).filter_by(revoked_at=None)).all() == []


@pytest.mark.asvs("15.3.3")
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PATCH", "/me"),
        ("POST", "/me/email"),
        ("POST", CONFIRM),
        ("POST", UNDO),
        ("POST", KEEP),
        ("POST", "/auth/token/keep"),
    ],
)
def test_a_door_takes_nothing_but_what_it_asks_for(
    app: Flask, signed_in_program: Program, mailbox: Mailbox, method: str, address: str
) -> None:
    good = {"name": "Ada King"} if method == "PATCH" else {"email": NEWER}
    if address == CONFIRM:
        good = ask(signed_in_program, mailbox)
    elif address == UNDO:
        good = move(signed_in_program, mailbox)
    elif "keep" in address:
        signed_in_program.call("DELETE", "/me")
        good = secret(mailbox, "ada@example.com")
        signed_in_program.access_token = ""
    if address == "/auth/token/keep":
        answer = signed_in_program.sign_in("ada@example.com").get_json()
        good = {"attempt": answer["attempt"], "device": "mine"}
    assert_only_this_is_taken(app, signed_in_program, (method, address), good)


@pytest.mark.asvs("6.3.8")
def test_asking_for_an_address_does_not_tell_whose_it_is(
    app: Flask, signed_in_program: Program, thief: Program, mailbox: Mailbox, statements: list[str]
) -> None:
    with app.app_context():
        accounts.create(email="half@example.com", name="H", password=PASSWORD, confirmed=False)
        db.session.commit()
    seen = []
    for email in (NEW, THIEF, "half@example.com"):
        with app.app_context():
            throttle.forget("change_email", accounts.get_user("ada@example.com").public_id)
            db.session.commit()
        statements.clear()
        answer = without_chance(signed_in_program.post("/me/email", {"email": email}))
        work = sorted(statements)
        waiting = signed_in_program.get("/me/email").get_json()
        assert waiting == {"email": "ada@example.com", "new_email": email}
        seen.append((answer, work))
        assert len(mailbox.mails(email)) == 1
    assert seen == [seen[0]] * 3
    assert "http" not in mailbox.mails(THIEF)[-1][2]


def test_a_link_of_another_account_is_refused(
    app: Flask, signed_in_program: Program, thief: Program, user: str, mailbox: Mailbox
) -> None:
    """The thief mails his own token to the victim, whose program sends it."""
    sent = ask(thief, mailbox, "victim@example.com")
    before = everything(app)
    answer = signed_in_program.post(CONFIRM, sent)
    assert (answer.status_code, answer.get_json()["code"]) == (410, "link_refused")
    assert without_chance(answer) == without_chance(signed_in_program.post(CONFIRM, {"token": "x"}))
    assert everything(app) == before
    assert address_of(app) == user


@pytest.mark.asvs("6.4.1")
def test_a_secret_is_refused_the_second_time_and_at_every_other_door(
    app: Flask, signed_in_program: Program, new_program: NewProgram, user: str, mailbox: Mailbox
) -> None:
    program, stranger = signed_in_program, new_program()
    used = ask(program, mailbox)
    program.post(CONFIRM, used)
    undo = secret(mailbox, user)
    change = ask(program, mailbox, NEWER)
    stranger.post("/auth/password/forgot", {"email": NEW})
    reset = secret(mailbox, NEW)
    stranger.post("/auth/register", {"name": "X", "email": "x@example.com", "password": PASSWORD})
    fresh = secret(mailbox, "x@example.com")
    own = {"undo": UNDO, "change": CONFIRM, "reset": "/auth/password/reset"}
    own["fresh"] = "/auth/confirm-email"
    before = everything(app)
    texts = set()
    secrets = {"undo": undo, "change": change, "reset": reset, "fresh": fresh, "used": used}
    for kind, sent in secrets.items():
        for address in {*own.values(), KEEP} - {own.get(kind)}:
            takes_password = address in ("/auth/password/reset", "/auth/confirm-email")
            body = {**sent, "password": PASSWORD} if takes_password else sent
            answer = program.post(address, body)
            assert answer.status_code == 410, f"{kind} at {address}"
            texts.add(answer.text)
    assert len(texts) == 1
    assert everything(app) == before


@pytest.mark.asvs("14.2.1")
def test_a_mailed_secret_is_refused_in_an_address(
    app: Flask, signed_in_program: Program, mailbox: Mailbox
) -> None:
    undo = move(signed_in_program, mailbox)["token"]
    change = ask(signed_in_program, mailbox, NEWER)["token"]
    before = everything(app)
    for address, token in ((CONFIRM, change), (UNDO, undo), (KEEP, undo)):
        assert signed_in_program.post(f"{address}/{token}").status_code == 404
        assert signed_in_program.get(f"{address}?token={token}").status_code == 405
        assert signed_in_program.post(f"{address}?token={token}", {}).status_code == 422
    assert everything(app) == before


def test_an_address_that_is_taken_by_now_is_refused(
    app: Flask, signed_in_program: Program, thief: Program, mailbox: Mailbox
) -> None:
    sent, theirs = ask(signed_in_program, mailbox), ask(thief, mailbox)
    assert thief.post(CONFIRM, theirs).status_code == 200
    before = everything(app)
    answer = signed_in_program.post(CONFIRM, sent)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "address_taken")
    assert everything(app) == before


@pytest.mark.asvs("2.4.1")
def test_our_mail_does_not_reach_a_hundred_strangers_by_either_face(
    app: Flask, user: str, new_browser: Callable[..., Browser], new_program: NewProgram
) -> None:
    statuses = []
    for n in range(4):
        browser, program = new_browser(f"203.0.113.{n}"), new_program(f"203.0.113.{n}")
        browser.sign_in(user)
        program.sign_in(user)
        page = browser.submit("/account/email", email=f"a{n}@example.com")
        answer = program.post("/me/email", {"email": f"b{n}@example.com"})
        statuses += [page.status_code, answer.status_code]
    assert statuses == [303, 202, 303, 202, 303, 429, 429, 429]


def test_a_copy_of_somebody_else_is_refused(
    signed_in_program: Program, thief: Program, user: str
) -> None:
    theirs = thief.get("/me/export")
    assert user not in theirs.text
    other = thief.get("/me/export?user_id=1&id=1&email=ada@example.com")
    assert json.loads(other.text)["accounts"]["email"] == THIEF
