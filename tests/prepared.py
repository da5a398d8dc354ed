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
from typing import Any, TypeVar, cast

from flask import Flask
from sqlalchemy import event

from app.core import clock
from app.core.limits import limiter
from app.extensions import db
from tests.shared_application import SHARED, snapshot

T = TypeVar("T")
MAX_AGE = 30  # seconds: sessions and tokens expire
REAL_CLOCK = clock.now
# What a test may listen to on the engine.
ENGINE_EVENTS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit")


class TestDatabase:
    """The SQLite file of the test that is running, opened whatever ``DATABASE_URL`` says.

    Attributes:
        file: its path.
        touched: whether it has been opened since the test began.
    """

    __test__ = False  # no test, for pytest

    def __init__(self) -> None:
        self.file = Path()
        self.touched = False

    def attach(self, app: Flask) -> None:
        """Let a new application open the file."""
        with app.app_context():
            event.listen(db.engine, "do_connect", self._connect)

    def _connect(self, _: object, __: object, arguments: list[Any], ___: Any) -> None:
        self.touched = True
        arguments[0] = str(self.file)

    def release(self, app: Flask) -> None:
        """Close all connections, also those of threads, so that the file is complete."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.touched = False

    def fingerprint(self, app: Flask) -> dict[str, Any]:
        """Return the limiter, which another application takes over, and listeners on the engine."""
        with app.app_context():
            heard = db.engine.dispatch
        listeners = [len(list(getattr(heard, name))) for name in ENGINE_EVENTS]
        return {"limiter": snapshot(vars(limiter)), "engine": listeners}


DATABASE = TestDatabase()
SHARED.companions.append(DATABASE)


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
        empty: a database with every table and no row; the copies are kept beside it.
    """

    def __init__(self, empty: Path) -> None:
        self._empty = empty
        self._numbers = count()
        self._tables = len(db.metadata.tables)
        self._made: dict[Hashable, State] = {}
        self._base: Hashable = ()

    @property
    def lacks_tables(self) -> bool:
        """Whether a test has brought tables of its own."""
        return len(db.metadata.tables) != self._tables

    def begin(self, settings: dict[str, str], database: Path) -> None:
        """Give a test a database with empty tables."""
        DATABASE.file = database
        self._base = frozenset((k, v) for k, v in settings.items() if k != "DATABASE_URL")
        shutil.copy(self._empty, database)

    def after(self, step: str, app: Flask, make: Callable[[], T]) -> T:
        """Return what a step returns, and leave the database as the step leaves it.

        The step itself runs when no copy is at hand, or when the test has already used its
        database or moved its clock.

        Args:
            step: names the step; two steps of one name must do the same.
            app: the application of the test.
            make: the step.
        """
        if app is not SHARED.application or DATABASE.touched or self._has_moved():
            return make()
        key = (self._base, step)
        state = self._made.get(key)
        if state and time.monotonic() - state.made_at < MAX_AGE:
            shutil.copy(state.database, DATABASE.file)
        else:
            state = self._made[key] = self._keep(app, make())
        self._base = state.database
        return deepcopy(cast(T, state.result))

    def _keep(self, app: Flask, result: object) -> State:
        """Return a state with a copy of the database of this test."""
        SHARED.release(app)
        copy = self._empty.with_name(f"prepared-{next(self._numbers)}.db")
        shutil.copy(DATABASE.file, copy)
        return State(time.monotonic(), copy, deepcopy(result))

    def _has_moved(self) -> bool:
        drift = clock.now() - REAL_CLOCK()
        return abs(drift.total_seconds()) > 1
