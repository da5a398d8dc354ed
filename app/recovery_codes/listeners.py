"""What recovery codes hear: with the first factor comes the way back when it is lost."""

from typing import Any

from app.core import events
from app.recovery_codes import service


@events.factor_added.connect
def make_codes(_: Any, *, user_id: int, **__: Any) -> None:
    """Make codes for an account that has none left."""
    if not service.state_of(user_id).left:
        service.make(user_id)
