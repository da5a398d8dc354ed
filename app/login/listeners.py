"""What signing in does when something happens elsewhere."""

from typing import Any

from app.core import events
from app.login import service


@events.account_deactivated.connect
def end_sessions_of_deactivated(_: Any, *, user_id: int) -> None:
    """End every session of an account that was switched off."""
    service.end_sessions(user_id)
