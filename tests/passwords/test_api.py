"""Forgotten, reset and changed passwords through the API, and what it must never do."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.api.bodies import assert_only_this_is_taken, everything
from tests.conftest import PASSWORD, Browser, Mailbox, Program, without_chance
from tests.passwords.conftest import NEW_PASSWORD, counted
from tests.tables import Case

FORGOT, RESET, CHANGE = "/auth/password/forgot", "/auth/password/reset", "/auth/password/change"
ADA = "ada@example.com"
GOOD = {"current": PASSWORD, "password": NEW_PASSWORD}
NewProgram = Callable[..., Program]


def ask(program: Program, mailbox: Mailbox, email: str) -> dict[str, str]:
    """Ask for a link and return what uses it."""
    assert program.post(FORGOT, {"email": email}).status_code == 202
    return {"token": mailbox.last_link(email).rpartition("/")[2], "password": NEW_PASSWORD}


def test_a_forgotten_password_is_replaced(program: Program, user: str, mailbox: Mailbox) -> None:
    assert program.post(RESET, ask(program, mailbox, user)).status_code == 204
    assert program.sign_in(user).status_code == 401
    assert program.sign_in(user, NEW_PASSWORD).status_code == 200
    assert "Your password at Example House has been changed" in str(mailbox.mails(user))


def test_a_changed_password_answers_tokens_that_go_on(
    signed_in_program: Program, user: str, new_program: NewProgram
) -> None:
    answer = signed_in_program.keep(signed_in_program.post(CHANGE, GOOD))
    assert set(answer.get_json()) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert signed_in_program.is_signed_in()
    assert signed_in_program.refresh().status_code == 200
    assert new_program().sign_in(user, NEW_PASSWORD).status_code == 200


REFUSED = ["", "short", "passwordpassword", "adalovelaceadalovelace"]


@pytest.mark.parametrize("where", ["reset", "change"])
def test_both_faces_say_the_same_sentence(
    signed_in: Browser, program: Program, mailbox: Mailbox, where: str, case: Case
) -> None:
    sent = ask(program, mailbox, ADA)
    program.sign_in(ADA)
    doors = {
        "reset": (RESET, f"/password/reset/{sent['token']}", sent),
        "change": (CHANGE, "/account/password", GOOD),
    }
    address, path, good = doors[where]
    for typed in REFUSED:
        with case(typed=typed):
            answer = program.post(address, {**good, "password": typed})
            assert answer.status_code == 422
            (sentence,) = answer.get_json()["errors"]["password"]
            page = signed_in.submit(path, current=PASSWORD, password=typed)
            assert f">{sentence}<" in unescape(page.text)


def test_a_wrong_current_password_is_refused_by_its_field(signed_in_program: Program) -> None:
    for sent in ({**GOOD, "current": "wrong-wrong-wrong"}, {"password": NEW_PASSWORD}):
        answer = signed_in_program.post(CHANGE, sent)
        assert (answer.status_code, answer.get_json()["code"]) == (422, "wrong_password")
        assert answer.get_json()["errors"] == {"current": ["That is not your current password."]}
    assert signed_in_program.is_signed_in()


@pytest.mark.asvs("6.3.8")
def test_asking_does_not_tell_who_has_an_account(
    app: Flask, program: Program, user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for name in ("unconfirmed", "switched-off"):
            confirmed = name != "unconfirmed"
            accounts.create(
                email=f"{name}@example.com", name=name, password=PASSWORD, confirmed=confirmed
            )
        accounts.deactivate(accounts.get_user("switched-off@example.com"))
        db.session.commit()
    answers, works = [], []
    others = ["nobody@example.com", "unconfirmed@example.com", "switched-off@example.com"]
    for email in [user, *others]:
        with counted(app, monkeypatch) as work:
            answers.append(without_chance(program.post(FORGOT, {"email": email})))
        works.append(work)
        assert len(mailbox.mails(email)) == 1
    assert answers == [answers[0]] * 4
    assert works == [works[0]] * 4
    assert works[0]["INSERT"] >= 2  # who listens may write of it


@pytest.mark.asvs("15.3.3")
@pytest.mark.parametrize("address", [FORGOT, RESET, CHANGE])
def test_a_door_takes_nothing_but_what_it_asks_for(
    app: Flask, signed_in_program: Program, user: str, mailbox: Mailbox, address: str
) -> None:
    bodies = {
        FORGOT: {"email": user},
        RESET: ask(signed_in_program, mailbox, user),
        CHANGE: GOOD,
    }
    assert_only_this_is_taken(app, signed_in_program, ("POST", address), bodies[address])


@pytest.mark.asvs("14.2.1")
def test_a_mailed_secret_is_refused_in_an_address(
    app: Flask, program: Program, user: str, mailbox: Mailbox
) -> None:
    sent = ask(program, mailbox, user)
    token, password = sent["token"], {"password": NEW_PASSWORD}
    before = everything(app)
    assert program.post(f"{RESET}/{token}", password).status_code == 404
    assert program.get(f"{RESET}?token={token}").status_code == 405
    assert program.post(f"{RESET}?token={token}", password).status_code == 422
    assert everything(app) == before


@pytest.mark.asvs("6.4.1")
def test_a_link_is_refused_the_second_time(
    browser: Browser, program: Program, user: str, mailbox: Mailbox
) -> None:
    sent = ask(program, mailbox, user)
    assert program.post(RESET, sent).status_code == 204
    again, unknown = program.post(RESET, sent), program.post(RESET, {**sent, "token": "x"})
    assert (again.status_code, again.get_json()["code"]) == (410, "link_refused")
    assert without_chance(again) == without_chance(unknown)
    assert browser.get(f"/password/reset/{sent['token']}").status_code == 410


@pytest.mark.asvs("6.4.3")
def test_a_reset_opens_nothing(program: Program, user: str, mailbox: Mailbox) -> None:
    answer = program.post(RESET, ask(program, mailbox, user))
    assert answer.data == b""
    assert not program.is_signed_in()


@pytest.mark.asvs("7.4.3")
def test_every_old_token_is_refused_after_a_reset(
    signed_in: Browser, signed_in_program: Program, user: str, mailbox: Mailbox
) -> None:
    assert signed_in_program.post(RESET, ask(signed_in_program, mailbox, user)).status_code == 204
    assert not signed_in_program.is_signed_in()
    signed_in_program.access_token = ""
    assert signed_in_program.refresh().status_code == 401
    assert not signed_in.is_signed_in()


@pytest.mark.asvs("7.4.3", "7.2.4")
def test_every_other_token_is_refused_after_a_change(
    signed_in: Browser, signed_in_program: Program, user: str, new_program: NewProgram
) -> None:
    elsewhere, thief = new_program(), new_program()
    elsewhere.sign_in(user)
    thief.access_token = signed_in_program.access_token
    thief.refresh_token = signed_in_program.refresh_token
    signed_in_program.keep(signed_in_program.post(CHANGE, GOOD))
    for other in (elsewhere, thief):
        assert not other.is_signed_in()
        other.access_token = ""
        assert other.refresh().status_code == 401
    assert not signed_in.is_signed_in()
    assert signed_in_program.is_signed_in()


def test_a_token_lent_to_a_page_is_refused_a_change(
    app: Flask, signed_in: Browser, program: Program, user: str
) -> None:
    """The browser's cookie would name a session that is not there any more."""
    form = {"csrf_token": signed_in.token("/reauthenticate")}
    program.access_token = signed_in.post("/account/token", form).get_json()["access_token"]
    before = everything(app)
    answer = program.post(CHANGE, GOOD)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "session_of_a_page")
    assert everything(app) == before
    assert signed_in.is_signed_in()
