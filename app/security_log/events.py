"""What the owner of an account says of the log."""

from dataclasses import dataclass

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class EventDisowned(AccountEvent):
    """The owner of an account did not know what its log told.

    Args:
        disowned: the kind of the event.
    """

    title = "Said: this was not me"
    words = (
        "The owner did not know an event of this log. All sign-ins were ended and a link to a new "
        "password was mailed."
    )
    stored = ("disowned",)

    disowned: str
