"""What the mails of this feature say besides the name."""

from typing import Any

from app.core import clock


def if_no_account(*, user_id: int | None, **_: Any) -> dict[str, Any] | None:
    """Tell an address that it opens nothing here; the owner of an account gets a link instead."""
    return {} if user_id is None else None


def when(**_: Any) -> dict[str, Any]:
    """Say when it happened."""
    return {"when": clock.now()}
