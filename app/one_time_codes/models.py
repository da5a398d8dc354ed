"""The tables of where codes go, and of codes that wait to be typed."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core import clock
from app.core.database import PERSONAL, PLAIN, SECRET, UTCDateTime
from app.extensions import db


class CodeChannel(db.Model):  # type: ignore[misc,name-defined]
    """A way by which codes reach the owner of an account."""

    __tablename__ = "code_channel"
    __table_args__ = (UniqueConstraint("user_id", "channel"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(10), info=PLAIN)  # email or sms
    # A phone number (E.164). Mails go to the address of the account, wherever it moves.
    number: Mapped[str] = mapped_column(String(20), default="", info=PERSONAL)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class SentCode(db.Model):  # type: ignore[misc,name-defined]
    """A code that was sent for one purpose; the next one for it takes its place."""

    __tablename__ = "sent_code"
    __table_args__ = (UniqueConstraint("user_id", "channel", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(10), info=PLAIN)
    about: Mapped[str] = mapped_column(String(80), info=PLAIN)
    code_hash: Mapped[str] = mapped_column(String(64), info=SECRET)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class InboxMessage(db.Model):  # type: ignore[misc,name-defined]
    """A text message of development, which goes no further than a page."""

    __tablename__ = "inbox_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), info=PERSONAL)
    text: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
