"""What the mails of this feature need to know besides the account."""

from typing import Any

from app.profile.email_change import is_taken
from app.profile.events import EmailChangeRequested, EmailChangeUndone


def address_taken(event: EmailChangeRequested) -> dict[str, Any] | None:
    """Tell the owner of another account that somebody wanted its address."""
    return {"to": event.new_email} if is_taken(event.new_email) else None


def address_taken_away(event: EmailChangeUndone) -> dict[str, Any] | None:
    """Tell the address that an account has left again."""
    return {"to": event.new_email} if event.new_email != event.old_email else None
