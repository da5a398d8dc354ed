"""The table of example things."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, UTCDateTime
from app.extensions import db

LONGEST_TITLE = 120


class ExampleThing(db.Model):  # type: ignore[misc,name-defined]
    """Something that belongs to one person."""

    __tablename__ = "example_thing"
    # The list of one person, the newest first, is read along this index.
    __table_args__ = (Index("ix_example_thing_user_id_id", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    # What stands in addresses: a number would tell how many there are.
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
