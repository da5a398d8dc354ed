"""The table of linked identities: who at which provider opens which account."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.core import clock
from app.core.database import PERSONAL, PLAIN, UTCDateTime
from app.extensions import db

LONGEST_PROVIDER = 40
LONGEST_SUBJECT = 255  # OpenID Connect Core 1.0, section 2
LONGEST_ACCOUNT_NAME = 320


class SocialIdentity(db.Model):  # type: ignore[misc,name-defined]
    """Somebody at a provider, and the account they open here.

    The key is what the provider never gives to anybody else (ASVS 5.0.0, 10.5.2). An address is
    no key: people give theirs up, and others get them.
    """

    __tablename__ = "social_identity"
    __table_args__ = (
        UniqueConstraint("provider", "subject"),
        UniqueConstraint("user_id", "provider"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    provider: Mapped[str] = mapped_column(String(LONGEST_PROVIDER), info=PLAIN)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), info=PERSONAL)
    # What the provider called them when they were linked: shown to the owner, trusted by nobody.
    account_name: Mapped[str] = mapped_column(String(LONGEST_ACCOUNT_NAME), info=PERSONAL)
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
