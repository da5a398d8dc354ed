"""What the mails of this feature say besides the name."""

from typing import Any

from app.one_time_codes.events import MailedCodeRequested


def if_no_code(event: MailedCodeRequested) -> dict[str, Any] | None:
    """Tell an address that a code opens nothing here; whoever comes in by one gets it instead."""
    return {} if event.user_id is None else None
