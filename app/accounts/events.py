"""What happens to accounts."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class Registered(AccountEvent):
    """Somebody asked for an account."""

    title = "Registered"
    words = "The account was created. Its email address is not verified yet."


@dataclass(frozen=True, kw_only=True)
class RegisteredAgain(AccountEvent):
    """Somebody registered an address that has an account."""

    title = "Registration of a known address"
    words = "Somebody tried to make an account with this address. Nothing changed."


@dataclass(frozen=True, kw_only=True)
class ConfirmationRefused(AccountEvent):
    """Somebody followed the link of a registration and did not know its password."""

    title = "Confirmation refused"
    words = "Someone opened the confirmation link and entered the wrong password."


@dataclass(frozen=True, kw_only=True)
class EmailConfirmed(AccountEvent):
    """The owner of an email address verified it."""

    title = "Address confirmed"
    words = "The email address was verified."


@dataclass(frozen=True, kw_only=True)
class AccountDeactivated(AccountEvent):
    """An account was switched off."""

    title = "Account switched off"
    words = "Nobody can sign in to it."


@dataclass(frozen=True, kw_only=True)
class AccountActivated(AccountEvent):
    """An account that was switched off is on again."""

    title = "Account switched on"
    words = "It can be signed in to again."


@dataclass(frozen=True, kw_only=True)
class AccountErased(Event):
    """An account is gone, and all that belonged to it.

    Args:
        email: the address it had.
        name: what its owner was called.
        public_id: how the outside knew it.
    """

    title = "Account erased"
    words = "The account and all that belonged to it is gone."

    email: str
    name: str
    public_id: str
