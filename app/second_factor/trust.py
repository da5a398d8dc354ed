"""Browsers that are not asked each time: off unless the site allows it.

A browser is named by its device cookie, which opens nothing by itself. Who has copied it still
needs the password; so this trades a second factor for a stolen file, and that is the owner's to
decide, for each browser and for a while (NIST SP 800-63B-4, 5.3.1; it is off by default).
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.core import clock
from app.core.secrets import digest
from app.core.user_agent import describe
from app.extensions import affected_rows, db
from app.login.attempt import Origin, storable
from app.login.service import LONGEST_USER_AGENT
from app.second_factor.models import TrustedBrowser


class NoSuchBrowser(Exception):
    """No browser of the account is trusted under this id."""


class Trusted(NamedTuple):
    """A browser that is not asked.

    Args:
        public_id: names it in an address.
        name: what it calls itself.
        until: when it is asked again.
    """

    public_id: UUID
    name: str
    until: datetime


def remember(user_id: int, origin: Origin) -> None:
    """Ask for no second factor in this browser for as long as the site allows, if it does."""
    days = current_app.config["TRUSTED_BROWSER_DAYS"]
    if not days:
        return
    forget(user_id, device_hash=digest(origin.device))
    trusted = TrustedBrowser(
        user_id=user_id,
        device_hash=digest(origin.device),
        user_agent=storable(origin.user_agent, LONGEST_USER_AGENT),
        expires_at=clock.now() + timedelta(days=days),
    )
    with suppress(IntegrityError), db.session.begin_nested():  # another tab was quicker
        db.session.add(trusted)


def is_trusted(user_id: int, device: str) -> bool:
    """Tell whether a browser need not be asked now. Switching the setting off ends it for all."""
    if not current_app.config["TRUSTED_BROWSER_DAYS"]:
        return False
    row = select(TrustedBrowser.id).where(
        TrustedBrowser.user_id == user_id,
        TrustedBrowser.device_hash == digest(device),
        TrustedBrowser.expires_at > clock.now(),
    )
    return db.session.scalar(row) is not None


def browsers_of(user_id: int) -> list[Trusted]:
    """Return the browsers of an account that are not asked, the latest first."""
    if not current_app.config["TRUSTED_BROWSER_DAYS"]:
        return []
    rows = db.session.scalars(
        select(TrustedBrowser)
        .where(TrustedBrowser.user_id == user_id, TrustedBrowser.expires_at > clock.now())
        .order_by(TrustedBrowser.id.desc())
    )
    return [
        Trusted(row.public_id, describe(row.user_agent, "Unknown browser"), row.expires_at)
        for row in rows
    ]


def end(user_id: int, public_id: UUID) -> None:
    """Ask again in one browser.

    Raises:
        NoSuchBrowser: none of the account's has this id.
    """
    mine = (TrustedBrowser.public_id == public_id, TrustedBrowser.user_id == user_id)
    if affected_rows(delete(TrustedBrowser).where(*mine)) != 1:
        raise NoSuchBrowser


def forget(user_id: int, *, device_hash: str | None = None) -> None:
    """Ask again in every browser of an account, or in one that is known by its hash."""
    which = [TrustedBrowser.user_id == user_id]
    if device_hash is not None:
        which.append(TrustedBrowser.device_hash == device_hash)
    affected_rows(delete(TrustedBrowser).where(*which))


def tidy() -> int:
    """Remove what has run out, and return how many rows that was."""
    return affected_rows(delete(TrustedBrowser).where(TrustedBrowser.expires_at < clock.now()))


def export(user_id: int) -> list[dict[str, Any]]:
    """Return in which browsers an account is not asked, and until when."""
    return [
        {"browser": one.name, "not_asked_until": one.until.isoformat()}
        for one in browsers_of(user_id)
    ]
