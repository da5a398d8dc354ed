"""What happens to codes that are sent."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class CodeSent(AccountEvent):
    """A code went out. Never the code, nor where to.

    Args:
        channel: ``email`` or ``sms``.
    """

    title = "Code sent"
    words = "A code to sign in or to prove presence went out by {channel}."
    stored = ("channel",)

    channel: str


@dataclass(frozen=True, kw_only=True)
class MailedCodeRequested(Event):
    """Somebody asked for a code to sign in with.

    Args:
        email: the address that was typed.
        user_id: its account; None if no code alone opens it.
    """

    title = "Code to sign in asked for"
    words = "Somebody asked for a code to sign in with. It went to the address of the account."

    email: str
    user_id: int | None
