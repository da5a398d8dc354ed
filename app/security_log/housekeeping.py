"""What the log forgets: after a month where exactly somebody was, after a year that it happened.

Each run takes a bounded piece along an index, so that it never holds the database for long. What
is left over comes with the next run; it is begun again without harm.
"""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update

from app.core import clock
from app.core.user_agent import describe
from app.extensions import affected_rows, db
from app.security_log.circumstances import shortened
from app.security_log.models import SecurityEvent, SecurityEventOrigin

WHOLE_FOR = timedelta(days=30)
AT_ONCE = 2000
MOST_DAYS = 365 * 1000  # further back there is no calendar to count in


def tidy() -> int:
    """Remove and shorten what is due, and return how many rows that were."""
    return remove() + shorten()  # in this order: what goes need not be shortened first


def shorten() -> int:
    """Reduce addresses to their network and clients to their name, and return how many.

    The whole ones name a household and nearly a person. They are needed while somebody looks into
    a break-in, and afterwards a network and "Firefox on Linux" tell the owner as much. The event
    itself is not touched.
    """
    until = clock.now() - WHOLE_FOR
    due = (
        select(SecurityEventOrigin)
        .where(SecurityEventOrigin.whole_since <= until)
        .order_by(SecurityEventOrigin.whole_since)
        .limit(AT_ONCE)
    )
    origins = db.session.scalars(due).all()
    # Many events come from one browser, and finding its name is the slow part.
    names = {text: describe(text, "") for text in {origin.user_agent for origin in origins} if text}
    rows = [
        {
            "event_id": origin.event_id,
            "address": shortened(origin.address),
            "user_agent": names.get(origin.user_agent, ""),
            "whole_since": None,
        }
        for origin in origins
    ]
    if rows:
        db.session.execute(update(SecurityEventOrigin), rows)
    return len(rows)


def remove() -> int:
    """Remove the oldest events that are over, and return how many; their origins go with them."""
    kept_for = timedelta(days=min(current_app.config["SECURITY_LOG_DAYS"], MOST_DAYS))
    oldest = (
        select(SecurityEvent.id)
        .where(SecurityEvent.happened_at < clock.now() - kept_for)
        .order_by(SecurityEvent.happened_at, SecurityEvent.id)
        .limit(AT_ONCE)
    )
    return affected_rows(delete(SecurityEvent).where(SecurityEvent.id.in_(oldest)))
