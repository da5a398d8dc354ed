"""What second factors hear: a browser that is a stranger again is asked again."""

from typing import Any

from app.core import events
from app.second_factor import trust


@events.browsers_forgotten.connect
def trust_no_more(_: Any, *, user_id: int, device_hash: str | None) -> None:
    """Ask again in one browser, or in all: also where the sign-in goes on, as the owner expects.

    Browsers are forgotten when a password is changed, a device is signed out, or a way in is
    taken away, so trust ends with each of them.
    """
    trust.forget(user_id, device_hash=device_hash)


def refused_at_sign_in(*, at_sign_in: bool, factor_label: str, **_: Any) -> dict[str, Any] | None:
    """Return what the owner is told of a wrong code; nothing if they were in already."""
    return {"factor_label": factor_label} if at_sign_in else None
