"""What features keep with a sign-in: a draft, a cart. It is gone when the sign-in is.

It stands in the row and not in the cookie, where it could be read, copied and put back.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.core.principal import Principal
from app.extensions import db
from app.login.models import LoginSession
from app.login.points import KEPT_AT_SIGN_IN


def read(principal: Principal, key: str) -> Any:
    """Return what is kept under a key with the principal's sign-in, or None."""
    return _row(principal).data.get(key)


def write(principal: Principal, key: str, value: Any) -> None:
    """Keep a value with the principal's sign-in.

    Args:
        principal: somebody who is here by a login session.
        key: begins with the name of the feature, e.g. ``shop.cart``.
        value: what JSON can hold; it should be small.
    """
    row = _row(principal)
    row.data = {**row.data, key: value}  # a new dictionary: a change inside is not noticed
    db.session.flush()


def drop(principal: Principal, key: str) -> None:
    """Forget what is kept under a key."""
    row = _row(principal)
    if key in row.data:
        row.data = {kept: value for kept, value in row.data.items() if kept != key}
        db.session.flush()


def take_over(user_id: int, device_hash: str) -> dict[str, Any]:
    """Move what may survive a sign-in out of the account's last session in this browser.

    A session that somebody ended leaves nothing: whoever signs out wants to be forgotten, and
    what a thief wrote into a stolen session must not follow the owner into the next.
    """
    kept = set(KEPT_AT_SIGN_IN)
    if not kept:
        return {}
    last = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.device_hash == device_hash)
        .order_by(LoginSession.id.desc())
        .limit(1)
        .options(undefer(LoginSession.data))
    ).one_or_none()
    if last is None or last.revoked_at is not None:
        return {}
    moved = {key: value for key, value in last.data.items() if key in kept}
    last.data = {key: value for key, value in last.data.items() if key not in kept}
    return moved


def _row(principal: Principal) -> LoginSession:
    return db.session.get_one(LoginSession, principal.login_session_id)
