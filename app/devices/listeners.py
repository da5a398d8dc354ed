"""What the devices do when somebody signs in."""

from typing import Any

from app.core import events
from app.devices import service


@events.signed_in.connect
def tell_of_a_new_device(
    _: Any, *, user_id: int, login_session_id: int, known_device: bool, **__: Any
) -> None:
    """Tell the owner of a sign-in from where the account was never signed in to."""
    if not known_device:
        service.tell_of_new_device(user_id, login_session_id)
