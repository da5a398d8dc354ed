# file of feature: second_factor
"""Second factors: what somebody proves besides the first thing, whatever it is.

One contract for codes from an app, codes that are sent and codes on paper. Whoever asks for one
knows no kind by name, so a new kind is asked for everywhere at once: at each way in, on both
faces, and where presence is proved again.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from app.core.extension import ExtensionPoint, SingleExtensionPoint

# Brings a code on its way, once what was written down is committed: nobody waits for a network with
# a row locked.
Delivery = Callable[[], None]


class NoSuchFactor(Exception):
    """The account has no such factor, or may not set one up here."""


class CodeRefused(Exception):
    """The code is wrong, used, too old or of somebody else: never told apart."""


class CodeNotSent(Exception):
    """No code goes out now; the message says why and what to do."""


class Held(NamedTuple):
    """A kind of second factor that an account has.

    Args:
        factor: the kind.
        words: how it stands, such as where a code goes or how many are left.
        used_at: when it last proved something; None if never.
    """

    factor: "SecondFactor"
    words: str
    used_at: datetime | None


class SecondFactor(ABC):
    """One kind of second factor.

    Attributes:
        key: names it in addresses and in the log.
        label: what people call it.
        about: what to type, beside the field.
        amr: what it proves, by the name of RFC 8176.
        set_up: the endpoint of the page where it is set up and taken away.
        enrol: the endpoint of the page where it is set up on the way in; None if it cannot be.
        is_backup: it stands in for another one that is lost, and is no factor by itself.
        is_sent: a code must be asked for before there is one to type.
        is_digits: a code is digits alone, so a phone shows its number pad.
    """

    key: str
    label: str
    about: str
    amr: str = "otp"
    set_up: str
    enrol: str | None = None
    is_backup: bool = False
    is_sent: bool = False
    is_digits: bool = True

    @abstractmethod
    def find(self, user_id: int) -> Held | None:
        """Return how it stands with an account; None if the account does not have it."""

    @abstractmethod
    def verify(self, user_id: int, code: str, transaction: str) -> None:
        """Use a code up.

        Args:
            user_id: whose it must be.
            code: as it was typed.
            transaction: what it is for: one sign-in, or one proof of presence.

        Raises:
            CodeRefused: it proves nothing.
        """

    def send(self, user_id: int, transaction: str) -> Delivery:
        """Make a code, if it is of that kind, and return what sends it.

        Raises:
            CodeNotSent: none goes out now.
        """
        raise CodeNotSent("There is nothing to send: the code is with you already.")

    @abstractmethod
    def remove(self, user_id: int) -> None:
        """Take it away from an account, without a word: whoever calls says so."""


SECOND_FACTORS = ExtensionPoint[SecondFactor](
    "core.factor.SECOND_FACTORS", SecondFactor, key=lambda kind: kind.key
)
# Takes a user, the key of a factor and a reason, removes the factor and tells its owner why.
FACTOR_REMOVAL = SingleExtensionPoint[Callable[..., None]]("core.factor.FACTOR_REMOVAL", callable)
