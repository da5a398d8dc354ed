"""What happens to the address of an account, and to the account itself."""

from dataclasses import dataclass
from datetime import datetime

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class EmailChangeRequested(AccountEvent):
    """Somebody asked to move the account to another address."""

    title = "Change of address asked for"
    words = "Somebody asked to move the account to another address. It must be proved first."
    can_be_disowned = True

    new_email: str


@dataclass(frozen=True, kw_only=True)
class EmailChanged(AccountEvent):
    """An account has another address."""

    title = "Address changed"
    words = "The account has another e-mail address."
    can_be_disowned = True

    old_email: str
    new_email: str


@dataclass(frozen=True, kw_only=True)
class EmailChangeUndone(AccountEvent):
    """The owner of the former address took the change back."""

    title = "Change of address taken back"
    words = "The account has its former address again, and no password until a new one is chosen."

    old_email: str
    new_email: str


@dataclass(frozen=True, kw_only=True)
class DeletionRequested(AccountEvent):
    """The owner asked for the account to be erased.

    Args:
        erase_at: when.
    """

    title = "Deletion asked for"
    words = "The account is going to be erased. It can still be kept."
    can_be_disowned = True

    erase_at: datetime


@dataclass(frozen=True, kw_only=True)
class DeletionCancelled(AccountEvent):
    """The owner wants to keep the account after all."""

    title = "Deletion cancelled"
    words = "The account is kept."
