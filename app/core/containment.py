"""Containment: the one place that catches every error, so that one task cannot stop the next.

Checks, periodic jobs and erasures run code of features that this module does not know, including
the owner's, and the standard library's `email` does not document what it raises for odd headers.
Everywhere else only named exceptions are caught.
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
    """Call a function and return its result.

    Raises:
        Broken: the function raised an error; `KeyboardInterrupt` and `SystemExit` pass through.
    """
    try:
        return work(*args, **kwargs)
    except Exception as error:  # the owner's code can raise anything, and the next task must run
        raise Broken(error) from error
