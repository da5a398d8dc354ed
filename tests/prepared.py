# file of feature: accounts
"""Databases as fixtures leave them: made once, then copied for each test that begins the same way.

Registering an account or signing in takes longer than most tests. A prepared state is the database
after such steps, with whatever the steps returned.
"""

import shutil
import time
from collections.abc import Callable, Hashable
from copy import deepcopy
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar, cast

from flask import Flask

from app.core import clock
from app.extensions import db
from tests.shared_application import SharedApplication

T = TypeVar("T")
# Sessions and tokens grow old. After so many seconds a state is made again.
MAX_AGE = 30
REAL_CLOCK = clock.now


@dataclass(frozen=True)
class State:
    """A database as a step left it, and what the step returned.

    A step that follows is kept for this very state: another sign-in has another session.
    """

    made_at: float
    database: Path
    result: object


class PreparedStates:
    """The prepared states of this process.

    Args:
        shared: the application whose database is replaced.
        empty: a database with every table and no row; the copies are kept beside it.
    """

    def __init__(self, shared: SharedApplication, empty: Path) -> None:
        self._shared, self._empty = shared, empty
        self._numbers = count()
        self._tables = len(db.metadata.tables)
        self._made: dict[Hashable, State] = {}
        self._base: Hashable = ()

    @property
    def lacks_tables(self) -> bool:
        """Whether a test has brought tables of its own."""
        return len(db.metadata.tables) != self._tables

    def begin(self, settings: dict[str, str]) -> None:
        """Give a test a database with empty tables."""
        self._base = frozenset((k, v) for k, v in settings.items() if k != "DATABASE_URL")
        shutil.copy(self._empty, self._shared.database)

    def after(self, step: str, app: Flask, make: Callable[[], T]) -> T:
        """Return what a step returns, and leave the database as the step leaves it.

        The step itself runs when no copy is at hand, or when the test has already used its
        database or moved its clock.

        Args:
            step: names the step; two steps of one name must do the same.
            app: the application of the test.
            make: the step.
        """
        if app is not self._shared.application or self._shared.touched or self._has_moved():
            return make()
        key = (self._base, step)
        state = self._made.get(key)
        if state and time.monotonic() - state.made_at < MAX_AGE:
            shutil.copy(state.database, self._shared.database)
        else:
            state = self._made[key] = self._keep(app, make())
        self._base = state.database
        return deepcopy(cast(T, state.result))

    def _keep(self, app: Flask, result: object) -> State:
        """Return a state with a copy of the database of this test."""
        self._shared.close(app)
        copy = self._empty.with_name(f"prepared-{next(self._numbers)}.db")
        shutil.copy(self._shared.database, copy)
        return State(time.monotonic(), copy, deepcopy(result))

    def _has_moved(self) -> bool:
        drift = clock.now() - REAL_CLOCK()
        return abs(drift.total_seconds()) > 1
