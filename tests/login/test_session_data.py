"""What features keep with a sign-in, and what the next sign-in takes over."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts.models import User
from app.core.principal import Principal
from app.extensions import db
from app.login import service, session_data
from app.login.attempt import Attempt, Origin
from app.login.points import KEPT_AT_SIGN_IN


@pytest.fixture
def ada(app: Flask, user: str) -> Iterator[User]:
    """An account, in an application of which one feature keeps a cart at sign-in."""
    KEPT_AT_SIGN_IN.add(app, "shop.cart")
    with app.app_context():
        yield db.session.scalars(db.select(User)).one()


def sign_in(user: User, device: str = "laptop") -> Principal:
    outcome = service.complete(Attempt(user, ("pwd",), Origin(device=device)))
    assert isinstance(outcome, service.SignedIn)
    return Principal(user_id=user.id, method="session", login_session_id=outcome.login_session.id)


def test_a_value_is_kept_read_and_dropped(ada: User) -> None:
    principal = sign_in(ada)
    assert session_data.read(principal, "shop.cart") is None
    session_data.write(principal, "shop.cart", ["bread"])
    db.session.commit()
    assert session_data.read(principal, "shop.cart") == ["bread"]
    session_data.drop(principal, "shop.cart")
    db.session.commit()
    assert session_data.read(principal, "shop.cart") is None


def test_the_next_sign_in_takes_over_what_is_declared_and_nothing_else(ada: User) -> None:
    first = sign_in(ada)
    session_data.write(first, "shop.cart", ["bread"])
    session_data.write(first, "shop.voucher", "X1")
    second = sign_in(ada)
    assert session_data.read(second, "shop.cart") == ["bread"]
    assert session_data.read(second, "shop.voucher") is None
    assert session_data.read(first, "shop.cart") is None
    assert session_data.read(first, "shop.voucher") == "X1"


def test_a_sign_in_elsewhere_takes_nothing_over(ada: User) -> None:
    session_data.write(sign_in(ada), "shop.cart", ["bread"])
    assert session_data.read(sign_in(ada, "phone"), "shop.cart") is None
    assert session_data.read(sign_in(ada, ""), "shop.cart") is None


def test_a_session_that_was_ended_leaves_nothing(ada: User) -> None:
    principal = sign_in(ada)
    session_data.write(principal, "shop.cart", ["bread"])
    service.sign_out(principal)
    assert session_data.read(sign_in(ada), "shop.cart") is None
