"""Registering and confirming through the API, and what it must never do."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask

from app.accounts import service
from app.core.limits import limiter
from app.extensions import db
from tests.api.bodies import assert_only_this_is_taken, everything
from tests.conftest import PASSWORD, Browser, Mailbox, Program, without_chance
from tests.login.riddle import ask_riddle
from tests.passwords.conftest import counted
from tests.statements import listening
from tests.tables import Case

NEW = "new@example.com"
GOOD = {"name": "Ada King", "email": NEW, "password": PASSWORD}


def register(program: Program, mailbox: Mailbox) -> dict[str, str]:
    """Register and return what confirms it."""
    assert program.post("/auth/register", GOOD).status_code == 202
    return {"token": mailbox.last_link(NEW).rpartition("/")[2], "password": PASSWORD}


def test_a_program_registers_and_comes_in(program: Program, mailbox: Mailbox) -> None:
    confirmation = register(program, mailbox)
    answer = program.keep(program.post("/auth/confirm-email", confirmation))
    assert answer.status_code == 200
    assert answer.get_json()["token_type"] == "Bearer"
    assert program.get("/me").get_json()["email"] == NEW
    assert program.refresh().status_code == 200


def test_who_is_known_again_is_told_so(program: Program, mailbox: Mailbox) -> None:
    sent = {**register(program, mailbox), "device": "a-name-of-my-own"}
    answer = program.post("/auth/confirm-email", sent)
    assert answer.get_json()["device"] == "a-name-of-my-own"


REFUSED_FIELDS = [
    ("name", "   "),
    ("name", "A" * 101),
    ("name", "Ada\nKing"),
    ("email", "ada at example"),
    ("email", "a" * 310 + "@example.com"),
    ("password", ""),
    ("password", "short"),
    ("password", "passwordpassword"),
    ("password", "adakingadakingadaking"),
    ("password", "x-y-z" * 52),
]


def test_both_faces_say_the_same_sentence(browser: Browser, program: Program, case: Case) -> None:
    for field, typed in REFUSED_FIELDS:
        with case(field=field, typed=typed):
            sent = {**GOOD, field: typed}
            answer = program.post("/auth/register", sent)
            assert answer.status_code == 422
            (sentence,) = answer.get_json()["errors"][field]
            page = browser.submit("/register", **sent)
            assert f">{sentence}<" in unescape(page.text)


def test_a_refused_password_has_a_code_of_its_own(program: Program) -> None:
    answer = program.post("/auth/register", {**GOOD, "password": "short"})
    assert answer.get_json()["code"] == "password_refused"
    assert answer.get_json()["detail"] == answer.get_json()["errors"]["password"][0]


@pytest.mark.asvs("6.3.8")
def test_registration_does_not_tell_who_has_an_account(
    app: Flask, program: Program, user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        service.create(email="half@example.com", name="H", password=PASSWORD, confirmed=False)
        db.session.commit()
    answers = []
    for email in (user, "half@example.com", NEW):
        with counted(app, monkeypatch) as work:
            answers.append(without_chance(program.post("/auth/register", {**GOOD, "email": email})))
        assert work["hash"] == 1
        assert len(mailbox.mails(email)) == 1
    assert answers == [answers[0]] * 3


def test_a_known_address_is_refused_a_new_password(app: Flask, program: Program, user: str) -> None:
    theirs = "stranger-words-from-elsewhere"
    sent = {"name": "Mallory", "email": user, "password": theirs}
    assert program.post("/auth/register", sent).status_code == 202
    assert program.sign_in(user, theirs).status_code == 401
    with app.app_context():
        assert service.get_user(user).name == "Ada Lovelace"


@pytest.mark.asvs("15.3.3")
def test_registration_takes_nothing_but_what_it_asks_for(app: Flask, program: Program) -> None:
    assert_only_this_is_taken(app, program, ("POST", "/auth/register"), GOOD)


@pytest.mark.asvs("15.3.3")
def test_confirmation_takes_nothing_but_what_it_asks_for(
    app: Flask, program: Program, mailbox: Mailbox
) -> None:
    good = {**register(program, mailbox), "device": "mine"}
    assert_only_this_is_taken(app, program, ("POST", "/auth/confirm-email"), good)


@pytest.mark.asvs("14.2.1")
def test_a_mailed_secret_is_refused_in_an_address(
    app: Flask, program: Program, mailbox: Mailbox
) -> None:
    sent = register(program, mailbox)
    token, password = sent["token"], {"password": sent["password"]}
    before = everything(app)
    assert program.post(f"/auth/confirm-email/{token}", password).status_code == 404
    assert program.get(f"/auth/confirm-email/{token}").status_code == 404
    assert program.get(f"/auth/confirm-email?token={token}").status_code == 405
    assert program.post(f"/auth/confirm-email?token={token}", password).status_code == 422
    assert everything(app) == before


@pytest.mark.asvs("6.4.1")
def test_a_link_is_refused_the_second_time(
    browser: Browser, program: Program, mailbox: Mailbox
) -> None:
    sent = register(program, mailbox)
    assert program.post("/auth/confirm-email", sent).status_code == 200
    again = program.post("/auth/confirm-email", sent)
    unknown = program.post("/auth/confirm-email", {**sent, "token": "x"})
    assert again.status_code == 410
    assert again.get_json()["code"] == "link_refused"
    assert without_chance(again) == without_chance(unknown)
    assert browser.get(f"/confirm-email/{sent['token']}").status_code == 410


def test_an_account_registered_by_a_stranger_gains_the_stranger_nothing(
    program: Program, new_program: Callable[..., Program], mailbox: Mailbox
) -> None:
    """The owner of the inbox sends the stranger's link with a password of their own."""
    owner, theirs = new_program(), "stranger-words-from-elsewhere"
    program.post("/auth/register", {**GOOD, "password": theirs})
    strangers = mailbox.last_link(NEW).rpartition("/")[2]
    refused = owner.post("/auth/confirm-email", {"token": strangers, "password": PASSWORD})
    assert refused.get_json()["code"] == "wrong_password"
    assert owner.post("/auth/confirm-email", register(owner, mailbox)).status_code == 200
    late = program.post("/auth/confirm-email", {"token": strangers, "password": theirs})
    assert late.status_code == 410
    assert program.sign_in(NEW, theirs).status_code == 401


def test_guesses_at_a_link_are_counted_for_both_faces(
    app: Flask, browser: Browser, program: Program, mailbox: Mailbox
) -> None:
    sent = register(program, mailbox)
    for guess in range(5):
        if guess % 2:
            browser.submit(f"/confirm-email/{sent['token']}", password="wrong-wrong-wrong")
        else:
            program.post("/auth/confirm-email", {**sent, "password": "wrong-wrong-wrong"})
    with app.app_context():
        limiter.reset()
    stopped = program.post("/auth/confirm-email", sent)
    assert (stopped.status_code, stopped.get_json()["code"]) == (429, "too_many_attempts")
    assert int(stopped.headers["Retry-After"]) > 0


@pytest.mark.asvs("6.3.4")
def test_a_confirmed_address_is_no_way_round_a_login_step(
    app: Flask, program: Program, mailbox: Mailbox
) -> None:
    ask_riddle(app)
    answer = program.post("/auth/confirm-email", register(program, mailbox))
    assert (answer.status_code, answer.get_json()["code"]) == (403, "browser_required")
    assert "token" not in answer.text


def test_who_registers_an_address_at_the_same_moment_is_not_told(
    app: Flask, program: Program
) -> None:
    """Both have looked and found no account; the database lets one of them in."""

    def be_first(_: object, cursor: Any, statement: str, values: Any, *__: object) -> None:
        if re.match(r'INSERT INTO "?user"? ', statement):
            cursor.execute(statement, values)

    usual = without_chance(program.post("/auth/register", {**GOOD, "email": "x@example.com"}))
    with listening(app, be_first):
        assert without_chance(program.post("/auth/register", GOOD)) == usual


@pytest.mark.asvs("16.2.5")
def test_secrets_do_not_reach_the_log(
    program: Program, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = register(program, mailbox)
    answer = program.post("/auth/confirm-email", sent).get_json()
    written = "".join(capsys.readouterr())
    assert "POST /api/v1/auth/confirm-email 200" in written
    for canary in (PASSWORD, sent["token"], answer["access_token"], answer["refresh_token"]):
        assert canary not in written
