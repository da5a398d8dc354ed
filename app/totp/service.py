"""The use cases of authenticators: add one, use a code up, take one away."""

import base64
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from sqlalchemy import func, select, update

from app.accounts.models import User
from app.accounts.service import hold
from app.core import clock, throttle, tokens
from app.core.encryption import DecryptionFailed, decrypt, encrypt
from app.core.factor import CodeRefused
from app.core.principal import Principal
from app.extensions import affected_rows, db
from app.second_factor import changes
from app.totp import otp
from app.totp.models import Authenticator

log = logging.getLogger(__name__)

KEY = "totp"
ENROL = "totp_enrolment"
ENROL_LIFETIME = timedelta(minutes=15)
MOST = 10  # authenticators of one account


class EnrolmentLost(Exception):
    """Nothing is being set up here, or it took too long."""


class TooMany(Exception):
    """An account has as many authenticators as it may."""


class NoSuchAuthenticator(Exception):
    """The account has none under this id."""


@dataclass(frozen=True)
class Enrolment:
    """An authenticator that is being set up.

    Args:
        secret: what app and house share, in base32.
        address: the same for a picture or a link.
        token: the row that keeps it until it is confirmed.
    """

    secret: str
    address: str
    token: tokens.OneTimeToken


def begin(user_id: int, place: str) -> None:
    """Make a secret that counts for nothing until a code of it has come back.

    Args:
        user_id: whose it will be.
        place: the sign-in or session that asks. It is shown there and nowhere else: whoever is
            half-way in with a stolen password must not see what its owner is setting up.

    Raises:
        TooMany: the account has enough of them.
    """
    _check_room(user_id)
    sealed = base64.b64encode(encrypt(otp.new_secret(), ENROL)).decode()
    content = {"secret": sealed, "place": place}
    tokens.issue(ENROL, ENROL_LIFETIME, user_id=user_id, data=content, replaces_older=True)


def find_enrolment(user_id: int, place: str) -> Enrolment:
    """Return what is being set up here, to show it.

    Raises:
        EnrolmentLost: nothing is.
    """
    for token in tokens.waiting(ENROL, user_id):
        if token.data["place"] == place:
            user = db.session.get_one(User, user_id)
            try:
                secret = decrypt(base64.b64decode(token.data["secret"]), ENROL)
            except DecryptionFailed:  # its key was dropped meanwhile: begin again
                break
            issuer = current_app.config["SITE_NAME"]
            return Enrolment(secret, otp.address(secret, account=user.email, issuer=issuer), token)
    raise EnrolmentLost


def confirm(
    user_id: int, place: str, code: str, name: str, *, keep: int | None = None
) -> Authenticator:
    """Add an authenticator that has shown a code; that code is used up by it.

    Args:
        user_id: whose.
        place: the sign-in or session that asks.
        code: of the secret that is shown there.
        name: what its owner calls it.
        keep: the session that goes on; all others end.

    Raises:
        EnrolmentLost: nothing is being set up here.
        CodeRefused: it is no code of this secret now.
        TooManyAttempts: there were too many wrong ones.
        TooMany: the account has enough of them.
    """
    enrolment = find_enrolment(user_id, place)
    throttle.count_try(ENROL, str(enrolment.token.id))
    step = otp.find_step(enrolment.secret, code, accepted_steps())
    if step is None:
        raise CodeRefused
    hold(user_id)  # of many who add one at once, each is counted
    _check_room(user_id)
    try:
        tokens.consume(enrolment.token)
    except tokens.TokenRefused:
        raise EnrolmentLost from None
    throttle.forget(ENROL, str(enrolment.token.id))
    public_id = uuid4()
    added = Authenticator(
        public_id=public_id,
        user_id=user_id,
        name=name,
        secret=encrypt(enrolment.secret, public_id.hex),
        last_step=step,
    )
    db.session.add(added)
    db.session.flush()
    changes.tell_added(user_id, KEY, name, keep=keep)
    return added


def accepted_steps() -> list[int]:
    """Return the steps whose codes are taken now, the newest last.

    The one just past as well: the code may have changed while it was typed (RFC 6238, 5.2). The
    next one never: no honest clock is ahead of the house by that much.
    """
    now = otp.step_at(clock.now())
    return [now] if current_app.config["TOTP_STRICT"] else [now - 1, now]


def _check_room(user_id: int) -> None:
    count = select(func.count()).where(Authenticator.user_id == user_id)
    if (db.session.scalar(count) or 0) >= MOST:
        raise TooMany


def authenticators_of(user_id: int) -> list[Authenticator]:
    """Return the authenticators of an account, the oldest first."""
    return list(
        db.session.scalars(
            select(Authenticator).where(Authenticator.user_id == user_id).order_by(Authenticator.id)
        )
    )


def use(user_id: int, code: str) -> None:
    """Use a code of any of an account's authenticators up.

    One statement decides: a code of a step that is not newer than the last one taken is refused,
    however many bring it at once (RFC 6238, section 5.2; ASVS 5.0.0, 6.5.1).

    Raises:
        CodeRefused: it fits none, or was used before.
    """
    for authenticator in authenticators_of(user_id):
        try:
            secret = decrypt(authenticator.secret, authenticator.public_id.hex)
        except DecryptionFailed:
            # Its key was dropped too early, which `flask doctor` says; another one may still open.
            log.error("no key of ENCRYPTION_KEYS opens an authenticator")  # noqa: TRY400
            continue
        step = otp.find_step(secret, code, accepted_steps())
        if step is not None and _take(authenticator.id, step):
            return
    raise CodeRefused


def _take(authenticator_id: int, step: int) -> bool:
    taken = affected_rows(
        update(Authenticator)
        .where(Authenticator.id == authenticator_id, Authenticator.last_step < step)
        .values(last_step=step, used_at=clock.now())
    )
    return taken == 1


def remove(principal: Principal, public_id: UUID) -> str:
    """Take an authenticator away, and return what it was called. Every other session ends.

    Raises:
        NoSuchAuthenticator: the account has none under this id.
    """
    found = db.session.scalars(
        select(Authenticator).where(
            Authenticator.public_id == public_id, Authenticator.user_id == principal.user_id
        )
    ).one_or_none()
    if found is None:
        raise NoSuchAuthenticator
    db.session.delete(found)
    db.session.flush()
    keep = principal.login_session_id
    changes.tell_removed(found.user_id, KEY, found.name, keep=keep)
    return found.name


def remove_all(user_id: int) -> None:
    """Take every authenticator of an account away, and what is being set up."""
    tokens.void(ENROL, user_id)
    for authenticator in authenticators_of(user_id):
        db.session.delete(authenticator)
    db.session.flush()


def rotate_keys() -> int:
    """Encrypt every secret under the first key again, and return how many those were.

    Raises:
        DecryptionFailed: no key of the ring opens one of them; nothing is changed then.
    """
    count = 0
    for authenticator in db.session.scalars(select(Authenticator).order_by(Authenticator.id)):
        purpose = authenticator.public_id.hex
        authenticator.secret = encrypt(decrypt(authenticator.secret, purpose), purpose)
        count += 1
    db.session.flush()
    return count


def doctor() -> list[str]:
    """Find authenticators that no key opens: their owners cannot sign in."""
    sealed = select(Authenticator.secret, Authenticator.public_id)
    if not (closed := sum(not _opens(*row) for row in db.session.execute(sealed))):
        return []
    fault = (
        f"No key of ENCRYPTION_KEYS opens {closed} authenticators: put the key back that was "
        "there, then run `flask totp rotate-keys`."
    )
    return [fault]


def _opens(secret: bytes, public_id: UUID) -> bool:
    try:
        decrypt(secret, public_id.hex)
    except DecryptionFailed:
        return False
    return True


def export(user_id: int) -> list[dict[str, Any]]:
    """Return the authenticators, and never what they share."""
    return [
        {
            "name": one.name,
            "added_at": one.added_at.isoformat(),
            "used_at": one.used_at.isoformat() if one.used_at else None,
        }
        for one in authenticators_of(user_id)
    ]
