"""What the mails of this feature need to know besides the account."""

from typing import Any

from app.profile.email_change import is_taken


def address_taken(*, new_email: str, **_: Any) -> dict[str, Any] | None:
    """Tell the owner of another account that somebody wanted its address."""
    return {"to": new_email} if is_taken(new_email) else None


def address_taken_away(*, new_email: str, old_email: str, **_: Any) -> dict[str, Any] | None:
    """Tell the address that an account has left again."""
    return {"to": new_email} if new_email != old_email else None
