"""What the account page's use cases do when something happens elsewhere."""

from typing import Any

from app.core import events
from app.profile import deletion, email_change


@events.password_changed.connect
def void_changes_after_password(_: Any, *, user_id: int, **__: Any) -> None:
    """Void a change of address that waits: whoever knew the old password may have asked for it."""
    email_change.void_changes(user_id)


@events.account_deactivated.connect
def void_changes_of_deactivated(_: Any, *, user_id: int) -> None:
    """Void a change that waits, so that it does not wake up with the account."""
    email_change.void_changes(user_id)


@events.deletion_requested.connect
def void_changes_of_deleted(_: Any, *, user_id: int, **__: Any) -> None:
    """Void a change that waits: an account that is on its way out moves nowhere."""
    email_change.void_changes(user_id)


@events.signed_in.connect
def keep_account(_: Any, *, user_id: int, **__: Any) -> None:
    """Cancel a planned deletion now that the door is open.

    Not at the step itself: a later step, such as a second factor, may still be refused.
    """
    deletion.cancel(user_id)
