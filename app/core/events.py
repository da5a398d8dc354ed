"""Events: what happened, announced by the feature in which it happens.

Whoever wants to know listens, and nobody is called by name. An event is sent inside the transaction
that made it true, with the ids of what it is about. It never carries a secret: listeners write
mails and logs.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from blinker import Namespace, Signal

Listener = TypeVar("Listener", bound=Callable[[Any], Any])

EVENTS: dict[str, type["Event"]] = {}
EVERY = Signal("Every event, before those who listen to it alone.")
signals = Namespace()


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened. A subclass says what in words; its fields are the payload.

    Attributes:
        kind: the name of the class as words with underscores; the security log stores it.
        title: what happened, in a few words.
        words: a sentence for the owner of the account; it may name a stored field in braces.
        stored: the fields that the security log stores besides the account. Never a secret, and
            nothing of a person either: an event is not changed when somebody is erased.
        about_account: whether it is about an account, and shown to its owner.
        can_be_disowned: whether it opens or changes an account, so that its owner may say "this
            was not me". What anyone can cause from outside is no break-in.
        not_stored: why the security log leaves it out; empty if it does not.
    """

    kind: ClassVar[str]
    title: ClassVar[str]
    words: ClassVar[str]
    stored: ClassVar[tuple[str, ...]] = ()
    about_account: ClassVar[bool] = True
    can_be_disowned: ClassVar[bool] = False
    not_stored: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        """Enter the event in the list of all, unless it is only a base of others."""
        if "title" in vars(cls):
            cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
            EVENTS[cls.kind] = cls

    def send(self) -> None:
        """Tell whoever listens."""
        EVERY.send(self)
        signals.signal(self.kind).send(self)

    @classmethod
    def connect(cls, listener: Listener) -> Listener:
        """Call a function with each event of this kind."""
        return on(cls.kind)(listener)


@dataclass(frozen=True, kw_only=True)
class AccountEvent(Event):
    """Something that happened to an account.

    Args:
        user_id: the account.
    """

    user_id: int


def on(kind: str) -> Callable[[Listener], Listener]:
    """Listen to an event of a feature that may be absent; then the function is never called."""
    return signals.signal(kind).connect


@dataclass(frozen=True, kw_only=True)
class AccessRefused(Event):
    """Somebody may not do what a route asks for.

    Args:
        user_id: None if whoever asks is no account.
        endpoint: of the route.
    """

    title = "Access refused"
    words = "Something was asked for that this account may not do: {endpoint}."
    stored = ("endpoint",)
    can_be_disowned = True

    user_id: int | None
    endpoint: str
