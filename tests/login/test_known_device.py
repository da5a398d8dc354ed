"""Which browsers an account knows, and when they are strangers again."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.models import User
from app.core.events import signals
from app.core.secrets import digest
from app.extensions import db
from app.login import known_device, service
from app.login.attempt import Attempt, Origin
from app.login.events import SignedIn
from app.login.models import LoginSession
from tests.conftest import PASSWORD, Browser, Clock


@pytest.fixture
def ada(app: Flask, user: str) -> Iterator[User]:
    """An account that nobody has signed in to."""
    with app.app_context():
        yield accounts.get_user(user)


def sign_in(user: User, device: str) -> LoginSession:
    outcome = service.complete(Attempt(user, ("pwd",), Origin(device=device)))
    assert isinstance(outcome, service.SignedIn)
    return outcome.login_session


def known(user: User) -> set[str]:
    """Return which of a few browsers the account knows."""
    return {name for name in ("laptop", "phone", "") if known_device.is_known(user.email, name)}


def test_a_browser_is_known_from_its_first_sign_in_on(ada: User) -> None:
    heard: list[bool] = []

    def hear(event: SignedIn) -> None:
        heard.append(event.known_device)

    with signals.signal(SignedIn.kind).connected_to(hear):
        for device in ("laptop", "phone", "laptop", "", ""):
            sign_in(ada, device)
    assert heard == [False, False, True, False, False]
    assert known(ada) == {"laptop", "phone"}


def test_a_browser_is_known_to_one_account_only(ada: User) -> None:
    sign_in(ada, "laptop")
    grace = accounts.create(
        email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True
    )
    assert known(grace) == set()
    sign_in(grace, "laptop")
    known_device.forget(grace.id)
    assert known(ada) == {"laptop"}


def test_one_browser_is_forgotten_or_all_but_one(ada: User) -> None:
    laptop = sign_in(ada, "laptop")
    sign_in(ada, "phone")
    known_device.forget(ada.id, device_hash=digest("phone"))
    assert known(ada) == {"laptop"}
    sign_in(ada, "phone")
    known_device.forget(ada.id, keep=laptop.id)
    assert known(ada) == {"laptop"}
    known_device.forget(ada.id)
    assert known(ada) == set()


def test_who_may_have_known_the_old_password_is_a_stranger(ada: User) -> None:
    laptop = sign_in(ada, "laptop")
    sign_in(ada, "phone")
    service.shut_everyone_out(ada, keep=laptop.id)
    assert known(ada) == {"laptop"}
    service.shut_everyone_out(ada)
    assert known(ada) == set()


def test_a_browser_unseen_for_a_year_is_forgotten(ada: User, moving_clock: Clock) -> None:
    sign_in(ada, "laptop")
    sign_in(ada, "phone")
    moving_clock.forward(days=200)
    sign_in(ada, "phone")
    moving_clock.forward(days=166)
    assert known_device.purge() == 1
    assert known(ada) == {"phone"}


def test_the_table_holds_no_secret(
    app: Flask, new_browser: Callable[..., Browser], user: str
) -> None:
    browser = new_browser()
    browser.sign_in(user)
    secret = browser.cookie("device")
    with app.app_context():
        rows = db.session.execute(db.select(known_device.KnownDevice.device_hash)).scalars().all()
    assert secret not in rows
    assert rows == [digest(secret)]
