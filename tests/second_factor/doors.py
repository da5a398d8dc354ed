"""Accounts with each kind of factor, for every door that must ask for it."""

from collections.abc import Callable

from flask import Flask

from app.extensions import db
from app.login.models import LoginSession
from tests.one_time_codes.conftest import give_channel, mailed_codes  # feature: one_time_codes
from tests.recovery_codes.conftest import give_both  # feature: recovery_codes
from tests.second_factor.word import give_word
from tests.totp.conftest import give_authenticator  # feature: totp

# Lets an account have a factor, and returns its key, and what finds a code that is right now.
Giver = Callable[[Flask, str], tuple[str, Callable[[], str]]]


def a_word(app: Flask, email: str) -> tuple[str, Callable[[], str]]:
    """The factor of the tests."""
    word = give_word(app, email)
    return "word", lambda: word


EACH_FACTOR: list[Giver] = [a_word]


# feature: totp
def an_authenticator(app: Flask, email: str) -> tuple[str, Callable[[], str]]:
    """An app on a phone."""
    phone = give_authenticator(app, email)
    return "totp", phone.code


EACH_FACTOR.append(an_authenticator)


# endfeature
# feature: recovery_codes
def a_saved_code(app: Flask, email: str) -> tuple[str, Callable[[], str]]:
    """A phone that is lost, and ten codes on paper."""
    _, codes = give_both(app, email)
    return "recovery_code", lambda: codes[0]


EACH_FACTOR.append(a_saved_code)


# endfeature
# feature: one_time_codes
def a_mailed_code(app: Flask, email: str) -> tuple[str, Callable[[], str]]:
    """An inbox."""
    give_channel(app, email)
    return "email_code", lambda: mailed_codes(app, email)[-1]


EACH_FACTOR.append(a_mailed_code)


# endfeature
def sessions(app: Flask) -> int:
    """Return how many sign-ins there have ever been."""
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(LoginSession)) or 0
