"""What happened, and apart from it who was there: the first can stay, the second is forgotten.

No foreign key leads to the account: an event outlives the account it is about. It is named by
its public id, because a database gives the number of a row that is gone to the next one. What is
personal stands in a row of its own, so that an event is never changed after it was written: a
chain of hashes over the events could be added, and would survive every erasure.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.database import PERSONAL, PLAIN, UTCDateTime
from app.extensions import db

LONGEST_ADDRESS = 45  # an IPv4 address written in IPv6
LONGEST_USER_AGENT = 256


class SecurityEvent(db.Model):  # type: ignore[misc,name-defined]
    """Something that happened; never changed."""

    __tablename__ = "security_event"
    # Every list is read along one of these, the newest first.
    __table_args__ = (
        Index("ix_security_event_happened_at_id", "happened_at", "id"),
        Index("ix_security_event_account_happened_at_id", "account", "happened_at", "id"),
        Index("ix_security_event_kind_happened_at_id", "kind", "happened_at", "id"),
        # Whoever is erased may have acted on others: where that was is found by this.
        Index("ix_security_event_actor", "actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    kind: Mapped[str] = mapped_column(String(40), info=PLAIN)
    # The public ids of the account it is about and of the account that did it, if there are any.
    account: Mapped[str | None] = mapped_column(String(32), info=PLAIN)
    actor: Mapped[str | None] = mapped_column(String(32), info=PLAIN)
    # How the actor was here, as in Principal; command at a terminal, worker in periodic work.
    method: Mapped[str] = mapped_column(String(20), info=PLAIN)
    request_id: Mapped[str] = mapped_column(String(64), info=PLAIN)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PLAIN)


class SecurityEventOrigin(db.Model):  # type: ignore[misc,name-defined]
    """Where an event came from: personal, so it is shortened after a while and can be erased."""

    __tablename__ = "security_event_origin"

    event_id: Mapped[int] = mapped_column(
        ForeignKey("security_event.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS), info=PERSONAL)
    user_agent: Mapped[str] = mapped_column(String(LONGEST_USER_AGENT), info=PERSONAL)
    # When it was written; nothing once both are shortened.
    whole_since: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
