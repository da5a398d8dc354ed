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
from app.core import throttle, tokens
from app.core.factor import CodeRefused
from app.core.outbox import post_mail
from app.core.secrets import digest
from app.extensions import db
from app.login import events as login_events
from app.login import known_device
from app.one_time_codes import events, service
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
    """Mail a code to the owner of an account, or that none opens one, and return this try's name.

    Whoever asks learns nothing: every path makes a row, runs as many statements and posts one
    mail. A code of nobody is known to nobody.

    Args:
        email: a normalised address.
        device: the browser that asks, and no other; empty for a program.

    Raises:
        TooManyAttempts: codes were asked for too often for this address.
    """
    throttle.count_try("send_mailed_code", known_device.subject(email, device))
    found, code = find_user(email), new_code()
    # Asked of nobody as well: a statement less would tell who has no account.
    by_password = service.find_channel(found.id if found else 0, service.EMAIL) is not None
    user = found if found is not None and found.is_active and not by_password else None
    user_id = user.id if user else None
    secret = tokens.issue(
        PURPOSE,
        LIFETIME,
        user_id=user_id,
        data={"device": digest(device), "email": digest(email), "code": _sealed(email, code)},
    )
    if user is not None:
        post_mail("one_time_codes/mail/sign_in", user.email, name=user.name, code=code)
    events.MailedCodeRequested(email=email, user_id=user_id).send()
    return secret


def _sealed(email: str, code: str) -> str:
    key = current_app.config["SECRET_KEY"]
    return sealed(code, key=key, about=f"{PURPOSE} {email}")


def finish(secret: str, email: str, code: str, device: str) -> User:
    """Use a mailed code up, and return whose it is.

    Guesses are counted for the address, whichever try they are of; those of a browser that the
    account knows are counted apart, so that strangers do not make its owner wait.

    Raises:
        TokenRefused: the try is unknown, over, used, or of another browser or address.
        CodeRefused: it is not the code.
        TooManyAttempts: there were too many wrong ones.
    """
    token = tokens.get(PURPOSE, secret)
    if token.data["device"] != digest(device) or token.data["email"] != digest(email):
        raise tokens.TokenRefused
    subject = known_device.subject(email, device)
    wait = throttle.count_try(PURPOSE, subject)
    right = hmac.compare_digest(token.data["code"], _sealed(email, code))
    # Looked for with the right code only: a wrong one must not tell whether there is an account.
    user = db.session.get(User, token.user_id) if right and token.user_id else None
    if user is None or user.email != email:  # the address may have moved meanwhile
        login_events.SignInRefused(email=email, reason="credentials").send()
        if wait:
            login_events.GuessingSlowed(email=email, seconds=wait).send()
        raise CodeRefused
    tokens.consume(token)
    throttle.forget(PURPOSE, subject)
    throttle.forget("send_mailed_code", subject)
    return user
