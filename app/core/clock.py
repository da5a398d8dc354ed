"""The only clock. Tests move it; nothing else in the application asks the system for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)
