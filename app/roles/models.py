"""Roles are rows, so that they can be cut anew without a release; permissions are code."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PLAIN, UTCDateTime
from app.extensions import db

LONGEST_NAME = 40
LONGEST_PERMISSION = 80


class Role(db.Model):  # type: ignore[misc,name-defined]
    """A name that accounts can have, and what it allows."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True, info=PLAIN)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    # Written to hold a role while its holders are counted.
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)


class RolePermission(db.Model):  # type: ignore[misc,name-defined]
    """A permission that a role holds."""

    __tablename__ = "role_permission"

    role_id: Mapped[int] = mapped_column(
        ForeignKey("role.id", ondelete="CASCADE"), primary_key=True
    )
    permission: Mapped[str] = mapped_column(
        String(LONGEST_PERMISSION), primary_key=True, info=PLAIN
    )


class RoleGrant(db.Model):  # type: ignore[misc,name-defined]
    """A role that an account has."""

    __tablename__ = "role_grant"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    role_id: Mapped[int] = mapped_column(
        ForeignKey("role.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    granted_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
