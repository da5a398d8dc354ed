"""The account: who somebody is and whether they may be here, and nothing else.

What a feature knows about a person stands in the feature's own table.
"""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, PLAIN, SECRET, UTCDateTime
from app.extensions import db

LONGEST_NAME = 100


class User(db.Model):  # type: ignore[misc,name-defined]
    """An account. It counts only once its address is confirmed."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    # What the outside may see: the number would tell how many accounts there are.
    public_id: Mapped[str] = mapped_column(
        String(32), unique=True, default=lambda: uuid4().hex, info=PLAIN
    )
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), info=PERSONAL)
    # Normalised at every door by normalize_email(); the database holds uniqueness under a race.
    email: Mapped[str] = mapped_column(String(320), unique=True, info=PERSONAL)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    # None: this account has no password and signs in another way.
    password_hash: Mapped[str | None] = mapped_column(String(60), info=SECRET)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)

    is_authenticated = True
    is_anonymous = False
    _session_key = ""

    @property
    def is_active(self) -> bool:
        """Tell whether the account may be used: confirmed and not switched off."""
        return self.active and self.confirmed_at is not None

    def speak_for_session(self, key: str) -> None:
        """Remember which sign-in this object was loaded for."""
        self._session_key = key

    def get_id(self) -> str:
        """Return what the cookie holds: it names the sign-in, not the person.

        A cookie that named the person could not be ended without ending the person.
        """
        return self._session_key
