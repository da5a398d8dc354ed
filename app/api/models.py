"""The one table of the API: which refresh token of a sign-in is the one that counts."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import PLAIN, UTCDateTime
from app.extensions import db


class RefreshFamily(db.Model):  # type: ignore[misc,name-defined]
    """All refresh tokens of one sign-in, of which one is good at a time (RFC 9700, 4.14.2).

    One row however often it is refreshed. An id opens nothing without our signature around it,
    so it is stored as it is.
    """

    __tablename__ = "refresh_family"

    login_session_id: Mapped[int] = mapped_column(
        ForeignKey("login_session.id", ondelete="CASCADE"), primary_key=True
    )
    current_id: Mapped[str] = mapped_column(String(32), info=PLAIN)
    # The one before it, for as long as the grace lasts.
    spent_id: Mapped[str | None] = mapped_column(String(32), info=PLAIN)
    rotated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
