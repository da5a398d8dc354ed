"""What signing in does when something happens elsewhere."""

from typing import Any

from app.core import events
from app.login import service
from app.login.attempt import drop_attempts


@events.account_deactivated.connect
def end_sessions_of_deactivated(_: Any, *, user_id: int) -> None:
    """End every session of an account that was switched off, and every one about to begin."""
    drop_attempts(user_id)
    service.end_sessions(user_id)
