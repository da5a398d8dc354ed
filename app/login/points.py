"""The extension points of sign-in: what other features add to it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect

from app.core.extension import ExtensionPoint
from app.login.attempt import Attempt


@dataclass(frozen=True)
class LoginStep:
    """Something a person must still do between proving who they are and being signed in.

    Args:
        key: names the step in the pending attempt, e.g. ``keep_account``.
        applies: takes the attempt; a question, so it changes nothing.
        endpoint: where the browser is sent to do it.
    """

    key: str
    applies: Callable[[Attempt], bool]
    endpoint: str


@dataclass(frozen=True)
class SignInOption:
    """A way to sign in that begins with one press, beside the form for address and password.

    Args:
        name: the word that its endpoint takes as ``provider``, and its picture is called by.
        label: what the button says.
        endpoint: where it begins.
    """

    name: str
    label: str
    endpoint: str


@dataclass(frozen=True, eq=False)
class PrincipalColumn:
    """Something that every request must know of who asks, read freshly within the one query.

    Args:
        column: a scalar subquery, correlated to the account.
        read: from its value to fields of ``Principal``.
    """

    column: ScalarSelect[Any]
    read: Callable[[Any], dict[str, Any]]


LOGIN_STEPS = ExtensionPoint[LoginStep]("login.LOGIN_STEPS", LoginStep, key=lambda step: step.key)
SIGN_IN_OPTIONS = ExtensionPoint[Callable[[], Iterable[SignInOption]]](
    "login.SIGN_IN_OPTIONS", callable
)
PRINCIPAL_COLUMNS = ExtensionPoint[PrincipalColumn]("login.PRINCIPAL_COLUMNS", PrincipalColumn)
# Keys of ``login_session.data`` that the next session of the same account in the same browser takes
# over.
KEPT_AT_SIGN_IN = ExtensionPoint[str]("login.KEPT_AT_SIGN_IN", str)
