"""What the mails of this feature say besides the name."""

from typing import Any


def if_no_code(*, user_id: int | None, **_: Any) -> dict[str, Any] | None:
    """Tell an address that a code opens nothing here; whoever comes in by one gets it instead."""
    return {} if user_id is None else None
