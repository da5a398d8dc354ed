"""What signing in knows of a person, and what of it no foreign key would remove."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.accounts.models import User
from app.core import throttle
from app.extensions import db
from app.login import known_device
from app.login.models import KnownDevice, LoginSession
from app.login.service import REAUTHENTICATE, SIGN_IN


def export(user_id: int) -> dict[str, Any]:
    """Return the sign-ins of an account and the browsers it knows; no secret is among it."""
    return {"sessions": _sessions(user_id), "known_browsers": _known_browsers(user_id)}


def erase_tries(user_id: int) -> None:
    """Remove the counts of tries on an account: a hash names it there, and no foreign key."""
    user = db.session.get_one(User, user_id)
    throttle.forget(REAUTHENTICATE, user.public_id)
    throttle.forget(SIGN_IN, user.email)
    for device_hash in known_device.hashes(user_id):
        throttle.forget(SIGN_IN, f"{user.email} {device_hash}")


def _sessions(user_id: int) -> list[dict[str, Any]]:
    sessions = db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id)
        .order_by(LoginSession.id.desc())
        .options(undefer(LoginSession.data))
    )
    return [
        {
            "created_at": login_session.created_at.isoformat(),
            "last_seen_at": login_session.last_seen_at.isoformat(),
            "address": login_session.address,
            "user_agent": login_session.user_agent,
            "methods": login_session.amr.split(),
            "data": login_session.data,
        }
        for login_session in sessions
    ]


def _known_browsers(user_id: int) -> list[dict[str, Any]]:
    known = select(KnownDevice).where(KnownDevice.user_id == user_id).order_by(KnownDevice.id)
    return [
        {
            "first_seen_at": browser.first_seen_at.isoformat(),
            "last_seen_at": browser.last_seen_at.isoformat(),
        }
        for browser in db.session.scalars(known)
    ]
