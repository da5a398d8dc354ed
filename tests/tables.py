"""Tables: many cases in one test, where no case leaves anything behind that the next would meet.

A test of its own for each bad value costs a database and often a sign-in each time. A table costs
them once, and each case that fails is still reported by its values, as a failure of its own.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from app.core.limits import limiter  # feature: accounts

Case = Callable[..., AbstractContextManager[None]]


@pytest.fixture
def case(subtests: pytest.Subtests) -> Case:
    """Begin a case of a table, named by its values; the cases after one that fails still run.

    Requests are counted by address and minute. Each case begins at nothing, like a test.
    """

    def begin(**values: object) -> AbstractContextManager[None]:
        limiter.reset()  # feature: accounts
        return subtests.test(**values)

    return begin
