"""What happens to passwords after registration."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(Event):
    """Somebody asked for a new password.

    Args:
        email: the address that was typed.
        user_id: its account; None when no account may be used under it.
    """

    title = "New password asked for"
    words = "Somebody asked for a link to a new password. It went to the address of the account."

    email: str
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(AccountEvent):
    """An account has another password.

    Args:
        keep: the session that goes on; None if none does.
    """

    title = "Password changed"
    words = "The account has a new password. All other sign-ins were ended."
    can_be_disowned = True

    keep: int | None
