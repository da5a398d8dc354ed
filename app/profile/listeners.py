"""What the account page's use cases do when something happens elsewhere."""

from app.accounts.events import AccountDeactivated
from app.login.events import SignedIn
from app.passwords.events import PasswordChanged
from app.profile import deletion, email_change
from app.profile.events import DeletionRequested


@PasswordChanged.connect
def void_changes_after_password(event: PasswordChanged) -> None:
    """Void a change of address that waits: whoever knew the old password may have asked for it."""
    email_change.void_changes(event.user_id)


@AccountDeactivated.connect
def void_changes_of_deactivated(event: AccountDeactivated) -> None:
    """Void a change that waits, so that it does not wake up with the account."""
    email_change.void_changes(event.user_id)


@DeletionRequested.connect
def void_changes_of_deleted(event: DeletionRequested) -> None:
    """Void a change that waits: an account that is on its way out moves nowhere."""
    email_change.void_changes(event.user_id)


@SignedIn.connect
def keep_account(event: SignedIn) -> None:
    """Cancel a planned deletion now that the sign-in is complete.

    Not at the step itself: a later step, such as a second factor, may still be refused.
    """
    deletion.cancel(event.user_id)
