"""One row for each sign-in. End the row and every cookie and token that names it is dead."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import PERSONAL, PLAIN, SECRET, UTCDateTime
from app.extensions import db


class LoginSession(db.Model):  # type: ignore[misc,name-defined]
    """A sign-in, on one device, that can be seen and ended."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(
        String(32), unique=True, default=lambda: uuid4().hex, info=PLAIN
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    kind: Mapped[str] = mapped_column(String(20), default="browser", info=PLAIN)  # or program
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # When presence was last proved; step-up looks at it.
    authenticated_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    idle_seconds: Mapped[int]
    address: Mapped[str] = mapped_column(String(45), info=PERSONAL)
    user_agent: Mapped[str] = mapped_column(String(256), info=PERSONAL)
    # Which browser this was, so that the owner's own is known again.
    device_hash: Mapped[str] = mapped_column(String(64), index=True, info=SECRET)
    # The methods used, by the names of RFC 8176, separated by blanks.
    amr: Mapped[str] = mapped_column(String(80), info=PLAIN)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # What features keep for as long as the sign-in lasts. Read only when somebody asks for it.
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True, info=PERSONAL)


class KnownDevice(db.Model):  # type: ignore[misc,name-defined]
    """A browser in which an account has been signed in to before.

    It opens nothing. It outlives the sessions, so that somebody who comes back after a month is
    not taken for a stranger.
    """

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("user_id", "device_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    device_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    first_seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
