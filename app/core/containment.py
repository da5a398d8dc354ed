"""Containment: the one place where any error at all is caught, so that it ends nothing but itself.

What a feature does in a check, a periodic work or an erasure is code that the house does not know,
an owner's too; and what `email` raises at an odd header nobody has listed. None of it may end what
waits behind it. Everywhere else only errors that are known are caught.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Broken(Exception):
    """Something raised.

    It says the type alone: the message of an error may hold what was in a row (ASVS 16.2.5).

    Args:
        cause: what was raised.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__(type(cause).__name__)
        self.cause = cause


def contained(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do a work and return what it returns.

    Raises:
        Broken: it raised anything that is an error, and no wish to end the process.
    """
    try:
        return work(*args, **kwargs)
    except Exception as error:  # its errors have no list: that is what this function is for
        raise Broken(error) from error
