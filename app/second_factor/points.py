"""The extension points of second factors."""

from collections.abc import Callable
from dataclasses import dataclass

from app.core.extension import ExtensionPoint


@dataclass(frozen=True)
class Demand:
    """Accounts that must have a second factor, as a value of SECOND_FACTOR names them.

    Args:
        word: what the value begins with, before a colon.
        includes: takes a user's id and the names after the colon, and returns whether the account
            must have one.
    """

    word: str
    includes: Callable[[int, frozenset[str]], bool]


DEMANDS = ExtensionPoint[Demand]("second_factor.DEMANDS", Demand, key=lambda demand: demand.word)
