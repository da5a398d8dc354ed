"""One refresh token and many who hold it, at the same moment, on SQLite and PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import service as accounts
from app.api.models import RefreshFamily
from app.extensions import db
from app.login.models import LoginSession
from tests.api.forge import claims_of
from tests.conftest import PASSWORD, Clock, Mailbox, Program
from tests.house.databases import AT_ONCE, at_once

pytestmark = pytest.mark.slow

ADA = "ada@example.com"
ALARM = "A program was signed out of your account at Example House"


@pytest.fixture
def programs(served: Flask) -> list[Program]:
    """Many holders of one pair of tokens."""
    with served.app_context():
        accounts.create(email=ADA, name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    holders = [Program(served, f"203.0.113.{n}") for n in range(AT_ONCE)]
    holders[0].sign_in(ADA)
    for holder in holders:
        holder.access_token = holders[0].access_token
        holder.refresh_token = holders[0].refresh_token
    return holders


def refresh_at_once(programs: list[Program]) -> list[str]:
    """Let all refresh, and return what each was told: nothing when it got tokens."""
    answers = at_once(lambda n: programs[n].refresh())
    return [(answer.json or {}).get("code", "") for answer in answers]


def good_ids(programs: list[Program]) -> set[str]:
    return {claims_of(program.refresh_token)["jti"] for program in programs}


def families(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(RefreshFamily.current_id)))


@pytest.mark.asvs("2.3.4", "10.4.5")
def test_of_many_who_refresh_at_once_all_succeed_on_one_chain(
    served: Flask, programs: list[Program], moving_clock: Clock
) -> None:
    for _ in range(3):
        before = good_ids(programs)
        assert refresh_at_once(programs) == [""] * AT_ONCE
        assert len(good_ids(programs)) == 1
        assert good_ids(programs) != before
        assert set(families(served)) == good_ids(programs)
        assert all(program.is_signed_in() for program in programs)
        moving_clock.forward(seconds=21)
    assert len(families(served)) == 1


@pytest.mark.asvs("10.4.5")
def test_of_many_thieves_at_once_one_raises_the_alarm(
    served: Flask, programs: list[Program], moving_clock: Clock
) -> None:
    owner, *thieves = programs
    owner.refresh()
    moving_clock.forward(seconds=21)
    said = refresh_at_once([*thieves, Program(served)])[:-1]
    assert set(said) <= {"refresh_token_reused", "refresh_token_refused"}
    assert said.count("refresh_token_reused") == 1
    told = [subject for _, subject, _ in Mailbox(served).mails(ADA)]
    assert told.count(ALARM) == 1
    assert not owner.is_signed_in()


@pytest.mark.asvs("10.4.5")
def test_a_thief_who_comes_with_the_owner_leaves_nobody_signed_in(
    served: Flask, programs: list[Program], moving_clock: Clock
) -> None:
    """Half have the good token and half the spent one: whatever the order, the sign-in ends."""
    owners, thieves = programs[::2], programs[1::2]
    owners[0].refresh()
    for owner in owners:
        owner.refresh_token = owners[0].refresh_token
    moving_clock.forward(seconds=21)
    said = refresh_at_once(programs)
    assert said[1::2].count("refresh_token_reused") == 1
    assert set(said[1::2]) == {"refresh_token_reused", "refresh_token_refused"}
    assert set(said[::2]) <= {"", "refresh_token_refused"}
    assert not any(program.is_signed_in() for program in programs)
    assert set(refresh_at_once(programs)) == {"refresh_token_refused"}
    assert not any(thief.is_signed_in() for thief in thieves)


@pytest.mark.asvs("7.4.1")
def test_who_refreshes_while_somebody_signs_out_holds_nothing_afterwards(
    served: Flask, programs: list[Program]
) -> None:
    def refresh_or_leave(n: int) -> int:
        return (programs[n].refresh() if n else programs[n].post("/auth/logout")).status_code

    statuses = at_once(refresh_or_leave)
    assert statuses[0] == 204
    assert set(statuses[1:]) <= {200, 401}
    assert not any(program.is_signed_in() for program in programs)
    assert set(refresh_at_once(programs)) == {"refresh_token_refused"}
    with served.app_context():
        alive = select(func.count()).where(LoginSession.revoked_at.is_(None))
        assert db.session.scalar(alive) == 0
