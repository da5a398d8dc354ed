"""What signing in does when something happens elsewhere."""

from app.accounts.events import AccountDeactivated
from app.login import service
from app.login.attempt import drop_attempts


@AccountDeactivated.connect
def end_sessions_of_deactivated(event: AccountDeactivated) -> None:
    """End every session of an account that was switched off, and every one about to begin."""
    drop_attempts(event.user_id)
    service.end_sessions(event.user_id)
