"""The extension points of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.core.extension import ExtensionPoint
from app.login.attempt import Attempt


@dataclass(frozen=True)
class ApiStep:
    """How a program does a step of sign-in. A step without one takes a browser.

    Args:
        key: of the ``LoginStep``.
        describe: takes the attempt; returns members of the problem that say what to do, among them
            its ``address``, or None if this attempt takes a browser.
        may_take_browser: whether ``describe`` ever returns None, for the document.
    """

    key: str
    describe: Callable[[Attempt], dict[str, Any] | None]
    may_take_browser: bool = False


API_STEPS = ExtensionPoint[ApiStep]("api.API_STEPS", ApiStep, key=lambda step: step.key)


def find_api_step(key: str) -> ApiStep | None:
    """Return how a program does a step of sign-in; None if it takes a browser."""
    return next((step for step in API_STEPS if step.key == key), None)
