"""The table of notes."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, UTCDateTime
from app.extensions import db

LONGEST_TITLE = 120
LONGEST_TEXT = 10_000


class Note(db.Model):  # type: ignore[misc,name-defined]
    """Something a person wrote for themselves."""

    __tablename__ = "note"
    # The list of one person, the last changed first, is read along this index.
    __table_args__ = (Index("ix_note_user_id_changed_at", "user_id", "changed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands in addresses: a number would tell how many notes there are.
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), info=PERSONAL)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
