"""Browsers that an account knows: a guess from them is counted apart, a sign-in is no news."""

from datetime import timedelta

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.core import clock
from app.core.secrets import digest
from app.extensions import affected_rows, db
from app.login import events
from app.login.models import KnownDevice, LoginSession

FORGOTTEN_AFTER = timedelta(days=365)  # the life of the device cookie


def is_known(email: str, device: str) -> bool:
    """Tell whether the account has been signed in to from this browser before.

    Args:
        email: a normalised address, of an account or of none.
        device: the secret of the browser's device cookie.
    """
    if not device:
        return False
    known = exists().where(
        KnownDevice.device_hash == digest(device),
        KnownDevice.user_id == User.id,
        User.email == email,
    )
    return bool(db.session.scalar(select(known)))


def subject(email: str, device: str) -> str:
    """Return what tries at an account are counted under.

    The owner's known browser has a count of its own, so that strangers who guess make the
    strangers wait and not the owner. A device secret that was never used here counts for nothing.
    """
    return f"{email} {digest(device)}" if is_known(email, device) else email


def hashes(user_id: int) -> list[str]:
    """Return the browsers that an account knows."""
    known = select(KnownDevice.device_hash).where(KnownDevice.user_id == user_id)
    return list(db.session.scalars(known))


def remember(user_id: int, device: str) -> bool:
    """Know a browser from now on, and tell whether it was known already."""
    if not device:
        return False
    now, device_hash = clock.now(), digest(device)
    which = (KnownDevice.user_id == user_id, KnownDevice.device_hash == device_hash)
    if affected_rows(update(KnownDevice).where(*which).values(last_seen_at=now)):
        return True
    row = KnownDevice(user_id=user_id, device_hash=device_hash, first_seen_at=now, last_seen_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return True  # the same browser signs in twice at this moment
    return False


def forget(user_id: int, *, device_hash: str | None = None, keep: int | None = None) -> None:
    """Take browsers for strangers again: whoever sat there may have been a thief.

    Args:
        user_id: whose.
        device_hash: only this browser; its session may be gone by now.
        keep: all but the browser of this session.
    """
    which = [KnownDevice.user_id == user_id]
    if device_hash is not None:
        which.append(KnownDevice.device_hash == device_hash)
    if keep is not None:
        which.append(KnownDevice.device_hash != _device_of(keep))
    affected_rows(delete(KnownDevice).where(*which))
    events.BrowsersForgotten(user_id=user_id, device_hash=device_hash).send()


def purge() -> int:
    """Forget browsers that have not come back for a year, and return how many those were."""
    return affected_rows(
        delete(KnownDevice).where(KnownDevice.last_seen_at < clock.now() - FORGOTTEN_AFTER)
    )


def _device_of(login_session_id: int) -> object:
    return (
        select(LoginSession.device_hash)
        .where(LoginSession.id == login_session_id)
        .scalar_subquery()
    )
