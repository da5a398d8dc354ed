"""What must never happen at the door: that a program may guess what a person may not."""

from typing import Any

import bcrypt
import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Program

WRONG = "wrong-wrong-wrong"


@pytest.mark.asvs("6.3.8")
def test_the_door_does_not_tell_why_it_refuses(
    app: Flask, user: str, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    """Byte for byte the same, with the same work: one hash, as many questions to the database."""
    with app.app_context():
        for name in ("unconfirmed", "switched-off", "no-password"):
            password, confirmed = None if name == "no-password" else PASSWORD, name != "unconfirmed"
            accounts.create(
                email=f"{name}@example.com", name=name, password=password, confirmed=confirmed
            )
        accounts.deactivate(accounts.get_user("switched-off@example.com"))
        db.session.commit()
    statements.clear()
    hashed: list[Any] = []
    check = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", lambda *pair: hashed.append(pair) or check(*pair))
    seen = []
    tries = [(user, WRONG), ("nobody@example.com", PASSWORD)]
    tries += [
        (f"{n}@example.com", PASSWORD) for n in ("unconfirmed", "switched-off", "no-password")
    ]
    for email, password in tries:
        answer = Program(app).sign_in(email, password)
        headers = {k: v for k, v in answer.headers if k not in ("X-Request-ID", "Date")}
        seen.append((answer.status_code, answer.data, headers, len(statements), len(hashed)))
        statements.clear()
        hashed.clear()
    assert all(one == seen[0] for one in seen)
    assert (seen[0][0], seen[0][4]) == (401, 1)


@pytest.mark.asvs("6.3.1", "6.3.4")
def test_guesses_through_both_faces_are_counted_together_for_an_address(app: Flask) -> None:
    browser, program = Browser(app, "203.0.113.7"), Program(app, "203.0.113.7")
    for n in range(5):
        assert browser.sign_in(f"a{n}@example.com", WRONG).status_code == 422
        assert program.sign_in(f"b{n}@example.com", WRONG).status_code == 401
    assert program.sign_in("c@example.com", WRONG).json["code"] == "too_many_attempts"
    assert browser.sign_in("d@example.com", WRONG).status_code == 429
    assert Program(app, "203.0.113.8").sign_in("c@example.com", WRONG).status_code == 401


@pytest.mark.asvs("6.3.1", "6.3.4")
@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_guesses_through_both_faces_are_counted_together_for_an_account(
    app: Flask, user: str, email: str
) -> None:
    for n in range(5):
        guesser = (Browser if n % 2 else Program)(app, f"203.0.113.{n}")
        assert guesser.sign_in(email, WRONG).status_code in (401, 422)
    stopped = Program(app, "203.0.113.98").sign_in(email)
    assert stopped.json["code"] == "too_many_attempts"
    assert 1 <= int(stopped.headers["Retry-After"]) <= 31
    assert Browser(app, "203.0.113.99").sign_in(email).status_code == 429


def test_an_address_written_in_another_way_does_not_buy_more_guesses(app: Flask, user: str) -> None:
    ways = [user, user.upper(), f" {user} ", "Ada@Example.com", "ada@EXAMPLE.COM"]
    for n, way in enumerate(ways):
        assert Program(app, f"203.0.113.{n}").sign_in(way, WRONG).status_code == 401
    assert Program(app, "203.0.113.99").sign_in(user).status_code == 429


def test_a_made_up_device_does_not_buy_more_guesses(app: Flask, user: str) -> None:
    for n in range(5):
        guesser = Program(app, f"203.0.113.{n}")
        assert guesser.sign_in(user, WRONG, device=f"made-up-{n}").status_code == 401
    guesser = Program(app, "203.0.113.99")
    assert guesser.sign_in(user, WRONG, device="made-up-99").status_code == 429


def test_strangers_who_guess_do_not_shut_a_known_program_out(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    for n in range(6):
        Program(app, f"203.0.113.{n}").sign_in(user, WRONG)
    assert Program(app, "203.0.113.98").sign_in(user).status_code == 429
    assert signed_in_program.sign_in(user).status_code == 200


def test_a_device_is_refused_as_anything_but_a_name(app: Flask, signed_in_program: Program) -> None:
    """What spares its owner a wait opens nothing."""
    thief = Program(app, "203.0.113.9")
    thief.device = signed_in_program.device
    assert thief.sign_in("ada@example.com", WRONG).status_code == 401
    assert thief.get("/me", headers={"Authorization": f"Bearer {thief.device}"}).status_code == 401
    assert thief.refresh(thief.device).status_code == 401


@pytest.mark.asvs("6.3.1")
def test_proofs_of_presence_through_both_faces_are_counted_together(
    signed_in_program: Program, browser: Browser, user: str, moving_clock: Clock
) -> None:
    browser.sign_in(user)
    for n in range(5):
        face = signed_in_program.post("/auth/reauthenticate", {"password": WRONG})
        page = browser.submit("/reauthenticate", password=WRONG) if n < 2 else face
        assert {face.status_code, page.status_code} <= {422, 429}
    answer = signed_in_program.post("/auth/reauthenticate", {"password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_attempts")
    assert browser.submit("/reauthenticate", password=PASSWORD).status_code == 429


def test_a_refresh_token_is_not_guessed_at_by_the_account(signed_in_program: Program) -> None:
    """Nothing of a token can be tried out in small steps: a wrong one is wrong as a whole."""
    told = {
        signed_in_program.post("/auth/refresh", {"refresh_token": wrong}).data
        for wrong in ("x", "x.y.z", signed_in_program.access_token, "A" * 2000)
    }
    assert len(told) == 1
