"""A way in by a code that is mailed, without a password; off unless a site wants it.

It proves that somebody reads the inbox, as a new password by mail does, and no more. So it ends
at the one door, where a second factor is asked for. Who has mailed codes as that factor comes in
by the password: one inbox must not count twice.
"""

import hmac
from datetime import timedelta

from flask import current_app

from app.accounts.models import User
from app.accounts.service import find_user
from app.core import events, throttle, tokens
from app.core.factor import CodeRefused
from app.core.outbox import post_mail
from app.core.secrets import digest
from app.extensions import db
from app.one_time_codes import service
from app.one_time_codes.codes import new_code, sealed

PURPOSE = "mailed_code"
LIFETIME = timedelta(minutes=10)


class SwitchedOff(Exception):
    """This site lets nobody in by a mailed code."""


def check_on() -> None:
    """Hold that this site wants it.

    Raises:
        SwitchedOff: it does not.
    """
    if not current_app.config["MAILED_CODE_SIGN_IN"]:
        raise SwitchedOff


def begin(email: str, device: str) -> str:
    """Mail a code, if there is an account to sign in to, and return what names this try.

    Whoever asks gets the same answer for every address: the row is made in any case, and nobody
    is told whether a mail went out.

    Args:
        email: a normalised address.
        device: the browser that asks, and no other; empty for a program.

    Raises:
        TooManyAttempts: codes were asked for too often for this address.
    """
    throttle.count_try("send_mailed_code", email)
    user, code = find_user(email), new_code()
    usable = user is not None and user.is_active and not _comes_by_password(user)
    secret = tokens.issue(
        PURPOSE,
        LIFETIME,
        user_id=user.id if user is not None and usable else None,
        data={"device": digest(device), "email": digest(email), "code": _sealed(email, code)},
    )
    if user is not None and usable:
        events.code_sent.send(user_id=user.id, channel=service.EMAIL)
        post_mail("one_time_codes/mail/code", user.email, name=user.name, code=code)
    return secret


def _comes_by_password(user: User) -> bool:
    return service.find_channel(user.id, service.EMAIL) is not None


def _sealed(email: str, code: str) -> str:
    key = current_app.config["SECRET_KEY"]
    return sealed(code, key=key, about=f"{PURPOSE} {email}")


def finish(secret: str, email: str, code: str, device: str) -> User:
    """Use a mailed code up, and return whose it is.

    Guesses are counted for the address, whichever try they are of.

    Raises:
        TokenRefused: the try is unknown, over, used, or of another browser or address.
        CodeRefused: it is not the code.
        TooManyAttempts: there were too many wrong ones.
    """
    token = tokens.get(PURPOSE, secret)
    if token.data["device"] != digest(device) or token.data["email"] != digest(email):
        raise tokens.TokenRefused
    wait = throttle.count_try(PURPOSE, email)
    right = hmac.compare_digest(token.data["code"], _sealed(email, code))
    user = db.session.get(User, token.user_id) if token.user_id else None
    if not right or user is None or user.email != email:  # the address may have moved meanwhile
        events.sign_in_refused.send(email=email, reason="credentials")
        if wait:
            events.guessing_slowed.send(email=email, seconds=wait)
        raise CodeRefused
    tokens.consume(token)
    throttle.forget(PURPOSE, email)
    throttle.forget("send_mailed_code", email)
    return user
