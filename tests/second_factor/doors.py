"""Accounts with each kind of factor, for every door that must ask for it."""

from collections.abc import Callable

from flask import Flask

from app.extensions import db
from app.login.models import LoginSession
from tests.recovery_codes.conftest import give_both  # feature: recovery_codes
from tests.second_factor.word import give_word
from tests.totp.conftest import give_authenticator  # feature: totp

# Lets an account have a factor, and returns its key and a code that is right now.
Giver = Callable[[Flask, str], tuple[str, str]]


def a_word(app: Flask, email: str) -> tuple[str, str]:
    """The factor of the tests."""
    return "word", give_word(app, email)


EACH_FACTOR: list[Giver] = [a_word]


# feature: totp
def an_authenticator(app: Flask, email: str) -> tuple[str, str]:
    """An app on a phone."""
    return "totp", give_authenticator(app, email).code()


EACH_FACTOR.append(an_authenticator)


# endfeature
# feature: recovery_codes
def a_saved_code(app: Flask, email: str) -> tuple[str, str]:
    """A phone that is lost, and ten codes on paper."""
    return "recovery_code", give_both(app, email)[1][0]


EACH_FACTOR.append(a_saved_code)


# endfeature
def sessions(app: Flask) -> int:
    """Return how many sign-ins there have ever been."""
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(LoginSession)) or 0
