"""What second factors hear: a browser that is unknown again is asked again."""

from typing import Any

from app.login.events import BrowsersForgotten
from app.second_factor import trust
from app.second_factor.events import SecondFactorRefused


@BrowsersForgotten.connect
def trust_no_more(event: BrowsersForgotten) -> None:
    """Ask again in one browser, or in all: also where the sign-in goes on, as the owner expects.

    Browsers are forgotten when a password is changed, a device is signed out, or a way in is
    taken away, so trust ends with each of them.
    """
    trust.forget(event.user_id, device_hash=event.device_hash)


def refused_at_sign_in(event: SecondFactorRefused) -> dict[str, Any] | None:
    """Return what the owner is told of a wrong code; nothing if they were in already."""
    return {"factor_label": event.factor_label} if event.at_sign_in else None
