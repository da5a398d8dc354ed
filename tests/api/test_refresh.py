"""A refresh token is good once; two who hold one are noticed, and two windows are not two."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.api.events import RefreshTokenReused
from app.api.models import RefreshFamily
from app.core.events import signals
from app.extensions import db
from tests.api.forge import assert_refused, claims_of
from tests.conftest import PASSWORD, Clock, Mailbox, Program

ALARM = "A program was signed out of your account at Example House"


def token_id(refresh_token: str) -> str:
    return str(claims_of(refresh_token)["jti"])


def copy_of(program: Program) -> Program:
    """Return a second holder of the same tokens: another window, or a thief."""
    other = Program(program.client.application, "198.51.100.7")
    other.access_token, other.refresh_token = program.access_token, program.refresh_token
    return other


def families(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(RefreshFamily)) or 0


@pytest.fixture
def alarms() -> Iterator[list[dict[str, Any]]]:
    """What is said aloud of tokens that came twice."""
    heard: list[dict[str, Any]] = []

    def listen(event: RefreshTokenReused) -> None:
        heard.append(vars(event))

    with signals.signal(RefreshTokenReused.kind).connected_to(listen):
        yield heard


@pytest.mark.asvs("10.4.5")
def test_each_refresh_gives_another_token_in_one_row(
    app: Flask, signed_in_program: Program, moving_clock: Clock
) -> None:
    seen = {token_id(signed_in_program.refresh_token)}
    for _ in range(5):
        moving_clock.forward(minutes=20)
        assert not signed_in_program.is_signed_in()
        assert signed_in_program.refresh().status_code == 200
        assert signed_in_program.is_signed_in()
        seen.add(token_id(signed_in_program.refresh_token))
    assert len(seen) == 6
    assert families(app) == 1


def test_three_windows_that_race_end_on_one_chain(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    windows = [signed_in_program, *(copy_of(signed_in_program) for _ in range(2))]
    for _ in range(3):
        for window in windows:
            assert window.refresh().status_code == 200
            moving_clock.forward(seconds=6)
        assert len({token_id(window.refresh_token) for window in windows}) == 1
        assert all(window.is_signed_in() for window in windows)
        moving_clock.forward(seconds=20)


def test_a_window_that_refreshes_twice_does_not_shut_the_other_out(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    window = copy_of(signed_in_program)
    for _ in range(3):
        assert signed_in_program.refresh().status_code == 200
        moving_clock.forward(seconds=5)
    assert window.refresh().status_code == 200
    assert token_id(window.refresh_token) == token_id(signed_in_program.refresh_token)


def test_an_answer_that_was_lost_is_given_again(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    sent = {"refresh_token": signed_in_program.refresh_token}
    lost = signed_in_program.post("/auth/refresh", sent).json
    moving_clock.forward(seconds=10)
    assert signed_in_program.refresh().status_code == 200
    assert token_id(signed_in_program.refresh_token) == token_id(lost["refresh_token"])
    moving_clock.forward(minutes=20)
    assert signed_in_program.refresh().status_code == 200


@pytest.mark.asvs("10.4.5")
def test_a_spent_token_is_refused_after_twenty_seconds_and_ends_the_sign_in(
    signed_in_program: Program,
    moving_clock: Clock,
    mailbox: Mailbox,
    user: str,
    alarms: list[dict[str, Any]],
) -> None:
    thief, elsewhere = copy_of(signed_in_program), copy_of(signed_in_program)
    elsewhere.sign_in(user)
    before = len(mailbox.mails(user))
    signed_in_program.refresh()
    moving_clock.forward(seconds=20)
    answer = thief.refresh()
    assert (answer.status_code, answer.json["code"]) == (401, "refresh_token_reused")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    for holder in (signed_in_program, thief):
        assert_refused(holder, holder.access_token)
        assert holder.refresh().json["code"] == "refresh_token_refused"
    assert elsewhere.is_signed_in()
    assert [subject for _, subject, _ in mailbox.mails(user)[before:]] == [ALARM]
    assert len(alarms) == 1
    assert set(alarms[0]) == {"user_id", "login_session_id"}


@pytest.mark.asvs("10.4.5")
def test_a_thief_who_refreshes_first_is_shut_out_when_the_owner_comes(
    signed_in_program: Program, moving_clock: Clock, mailbox: Mailbox
) -> None:
    thief = copy_of(signed_in_program)
    assert thief.refresh().status_code == 200
    moving_clock.forward(minutes=14)
    assert thief.is_signed_in()
    assert signed_in_program.refresh().json["code"] == "refresh_token_reused"
    assert not thief.is_signed_in()
    assert thief.refresh().status_code == 401
    assert mailbox.mails()[-1][1] == ALARM


@pytest.mark.asvs("10.4.5")
def test_a_token_spent_two_turns_ago_is_refused_in_the_grace_of_the_last(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    thief = copy_of(signed_in_program)
    signed_in_program.refresh()
    moving_clock.forward(seconds=25)
    signed_in_program.refresh()
    moving_clock.forward(seconds=2)
    assert thief.refresh().json["code"] == "refresh_token_reused"
    assert not signed_in_program.is_signed_in()


def test_at_nineteen_seconds_a_spent_token_is_still_a_second_window(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    window = copy_of(signed_in_program)
    signed_in_program.refresh()
    moving_clock.forward(seconds=19)
    assert window.refresh().status_code == 200
    assert token_id(window.refresh_token) == token_id(signed_in_program.refresh_token)


@pytest.mark.asvs("7.4.1")
@pytest.mark.parametrize("seconds", [0, 21])
def test_after_signing_out_every_token_is_refused_without_an_alarm(
    signed_in_program: Program,
    moving_clock: Clock,
    mailbox: Mailbox,
    seconds: int,
) -> None:
    """In the grace too: it is for windows of somebody who is here."""
    window = copy_of(signed_in_program)
    signed_in_program.refresh()
    signed_in_program.post("/auth/logout")
    told = len(mailbox.mails())
    moving_clock.forward(seconds=seconds)
    for holder in (window, signed_in_program):
        assert holder.refresh().json["code"] == "refresh_token_refused"
    assert len(mailbox.mails()) == told


@pytest.mark.asvs("7.3.1")
def test_a_program_that_was_away_for_thirty_days_is_refused(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    moving_clock.forward(days=29, hours=23)
    assert signed_in_program.refresh().status_code == 200
    moving_clock.forward(days=30, seconds=11)
    assert signed_in_program.refresh().json["code"] == "refresh_token_refused"


@pytest.mark.asvs("7.3.2", "10.4.8")
def test_after_ninety_days_even_a_busy_program_is_refused(
    signed_in_program: Program, moving_clock: Clock
) -> None:
    for _ in range(9):
        moving_clock.forward(days=9, hours=23)
        assert signed_in_program.refresh().status_code == 200
    last = claims_of(signed_in_program.refresh_token)["exp"]
    moving_clock.forward(hours=8, minutes=59)
    assert signed_in_program.refresh().status_code == 200
    assert claims_of(signed_in_program.refresh_token)["exp"] == last
    moving_clock.forward(minutes=2)
    assert_refused(signed_in_program, signed_in_program.access_token)
    assert signed_in_program.refresh().json["code"] == "refresh_token_refused"


@pytest.mark.asvs("10.4.5")
def test_tokens_from_before_a_fresh_proof_are_refused_and_raise_no_alarm(
    signed_in_program: Program, mailbox: Mailbox
) -> None:
    before = copy_of(signed_in_program)
    told = len(mailbox.mails())
    signed_in_program.keep(signed_in_program.post("/auth/reauthenticate", {"password": PASSWORD}))
    assert_refused(before, before.access_token)
    assert before.refresh().json["code"] == "refresh_token_refused"
    assert signed_in_program.is_signed_in()
    assert signed_in_program.refresh().status_code == 200
    assert len(mailbox.mails()) == told
