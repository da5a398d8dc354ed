"""The extension points of accounts: what other features add to an account."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.core.extension import ExtensionPoint, SingleExtensionPoint
from app.core.principal import Principal


@dataclass(frozen=True)
class MenuLink:
    """A line in the menu of somebody who is signed in.

    Args:
        label: what it says.
        endpoint: where it leads; it takes no arguments.
    """

    label: str
    endpoint: str


@dataclass(frozen=True)
class AccountLine:
    """A line of the account page: how something stands, and where it is changed, if it can be.

    Args:
        label: what it is about.
        state: how it stands, in a few words.
        endpoint: where it is changed or seen; it takes no arguments.
        action: what the link to there says.
    """

    label: str
    state: str
    endpoint: str = ""
    action: str = ""


ACCOUNT_MENU = ExtensionPoint[MenuLink]("accounts.ACCOUNT_MENU", MenuLink)
# From a principal to lines of the account page.
ACCOUNT_LINES = ExtensionPoint[Callable[[Principal], Iterable[AccountLine]]](
    "accounts.ACCOUNT_LINES", callable
)
# The endpoint of the page that shows an account.
ACCOUNT_PAGE = SingleExtensionPoint[str]("accounts.ACCOUNT_PAGE", str)
# Signs in a user whose identity has just been verified, and returns the response.
ARRIVAL = SingleExtensionPoint[Callable[..., Any]]("accounts.ARRIVAL", callable)
# Take a new password, and raise PasswordRefused.
PASSWORD_CHECKS = ExtensionPoint[Callable[[str], None]]("accounts.PASSWORD_CHECKS", callable)
# Take a user's id, and raise StillNeeded when the site cannot do without the account.
ACCOUNT_GUARDS = ExtensionPoint[Callable[[int], None]]("accounts.ACCOUNT_GUARDS", callable)
# From a user's id to what the feature knows of them, ready for JSON.
EXPORTS = ExtensionPoint[Callable[[int], Any]]("accounts.EXPORTS", callable)
# Take a user's id, and remove what no foreign key would.
ERASURES = ExtensionPoint[Callable[[int], None]]("accounts.ERASURES", callable)
