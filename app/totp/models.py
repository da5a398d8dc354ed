"""The table of authenticators."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import LONGEST_NAME, User
from app.core import clock
from app.core.database import PERSONAL, SECRET, UTCDateTime
from app.extensions import db


class Authenticator(db.Model):  # type: ignore[misc,name-defined]
    """An app, or a device, that shares a secret with an account."""

    __tablename__ = "totp_authenticator"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info=PERSONAL)
    # Readable again, because each code is computed from it; bound to this row by its public id.
    secret: Mapped[bytes] = mapped_column(LargeBinary, info=SECRET)
    # The newest step of which a code was taken. None before it is ever taken again (RFC 6238, 5.2).
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
