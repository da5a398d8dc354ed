"""The table of planned deletions."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import UTCDateTime
from app.extensions import db


class AccountDeletion(db.Model):  # type: ignore[misc,name-defined]
    """An account that its owner wants erased. While the row is there, the owner may go back."""

    __tablename__ = "account_deletion"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erase_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
