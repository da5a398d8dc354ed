"""What a mailed link hears of: each of these makes it good for nothing."""

from typing import Any

from app.core import events
from app.passwords import service


@events.password_changed.connect
@events.account_deactivated.connect
@events.email_changed.connect  # feature: profile
@events.email_change_undone.connect  # feature: profile
def void_links(_: Any, *, user_id: int, **__: Any) -> None:
    """Void the links of an account that has changed since they were mailed."""
    service.void_links(user_id)
