"""What is removed from the table of sessions, and what must not go with it."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.models import User
from app.core.principal import Principal
from app.extensions import db
from app.login import housekeeping, known_device, service, session_data
from app.login.attempt import Attempt, Origin
from app.login.models import LoginSession
from app.login.points import KEPT_AT_SIGN_IN
from tests.conftest import Clock


@pytest.fixture
def ada(app: Flask, user: str) -> Iterator[User]:
    """An account, in an application of which one feature keeps a cart at sign-in."""
    KEPT_AT_SIGN_IN.add(app, "shop.cart")
    with app.app_context():
        yield accounts.get_user(user)


def sign_in(user: User, *, remember: bool = False) -> Principal:
    outcome = service.complete(Attempt(user, ("pwd",), Origin(device="laptop"), remember))
    assert isinstance(outcome, service.SignedIn)
    return Principal(user.id, method="session", login_session_id=outcome.login_session.id)


def rows() -> int:
    return len(db.session.scalars(db.select(LoginSession.id)).all())


def test_a_session_that_goes_on_stays(ada: User, moving_clock: Clock) -> None:
    sign_in(ada, remember=True)
    moving_clock.forward(days=89)
    assert housekeeping.purge_sessions() == 0


def test_a_session_that_was_ended_is_gone_at_once(ada: User) -> None:
    principal = sign_in(ada)
    sign_in(ada)
    service.sign_out(principal)
    assert housekeeping.purge_sessions() == 1
    assert rows() == 1


def test_a_session_that_ran_out_keeps_its_draft_for_thirty_days(
    ada: User, moving_clock: Clock
) -> None:
    session_data.write(sign_in(ada), "shop.cart", ["bread"])
    moving_clock.forward(days=30)
    assert housekeeping.purge_sessions() == 0
    later = sign_in(ada)
    assert session_data.read(later, "shop.cart") == ["bread"]
    moving_clock.forward(days=32)
    assert housekeeping.purge_sessions() == 2
    assert session_data.read(sign_in(ada), "shop.cart") is None


def test_a_purge_makes_no_stranger_of_the_owners_browser(ada: User, moving_clock: Clock) -> None:
    service.sign_out(sign_in(ada))
    sign_in(ada)
    moving_clock.forward(days=40)
    assert housekeeping.tidy() == 2
    assert rows() == 0
    assert known_device.is_known(ada.email, "laptop")


def test_tidying_counts_sessions_and_browsers(ada: User, moving_clock: Clock) -> None:
    sign_in(ada)
    moving_clock.forward(days=366)
    assert housekeeping.tidy() == 2
    assert not known_device.is_known(ada.email, "laptop")
    assert housekeeping.tidy() == 0
