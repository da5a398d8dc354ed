"""What the mails of this feature say besides the name."""

from typing import Any

from app.core import clock
from app.passwords.events import PasswordChanged, PasswordResetRequested


def if_no_account(event: PasswordResetRequested) -> dict[str, Any] | None:
    """Tell an address that it opens nothing here; the owner of an account gets a link instead."""
    return {} if event.user_id is None else None


def when(_: PasswordChanged) -> dict[str, Any]:
    """Say when it happened."""
    return {"when": clock.now()}
