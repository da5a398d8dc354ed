"""The table of browsers in which an account is not asked for its second factor each time."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core.database import PERSONAL, SECRET, UTCDateTime
from app.extensions import db


class TrustedBrowser(db.Model):  # type: ignore[misc,name-defined]
    """A browser whose owner asked not to be asked there for a while."""

    __tablename__ = "trusted_browser"
    __table_args__ = (UniqueConstraint("user_id", "device_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    device_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    user_agent: Mapped[str] = mapped_column(String(256), info=PERSONAL)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
