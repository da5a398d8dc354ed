"""One application for all tests of a process, made again when a test has changed it.

Making an application takes longer than most tests, and collecting the garbage of the last one takes
as long again. A test may still do with it what it likes: whatever it left behind is found by
comparison, and the next test gets a new application.
"""

import logging
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from sqlalchemy import event  # feature: accounts

from app import create_app
from app.extensions import db, limiter  # feature: accounts

# Made when they are first asked for, from what else is compared.
LAZY = {"openapi", "jinja_loader", "logger", "_got_first_request"}
VALUES = (str, int, float, bytes, type(None))
# What a test may listen to on the engine.
ENGINE_EVENTS = ("before_cursor_execute", "after_cursor_execute", "begin", "commit")


class Identity:
    """An object of which only matters whether it is still the same one."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.value is other.value

    __hash__ = object.__hash__


def snapshot(value: Any) -> Any:
    """Return a copy of collections, down to the objects in them; empty ones count as absent.

    Looking into a ``defaultdict`` leaves an empty entry behind, which changes nothing.
    """
    if isinstance(value, VALUES):
        return value
    if isinstance(value, Mapping):
        taken = ((key, snapshot(one)) for key, one in value.items() if key not in LAZY)
        return {key: one for key, one in taken if one not in ({}, [])}
    if isinstance(value, (list, tuple, set, deque)):
        return [snapshot(one) for one in value]
    if isinstance(value, BoundedSemaphore):
        return value._value  # type: ignore[attr-defined]
    return Identity(value)


class SharedApplication:
    """The application of this process, lent to one test after the other."""

    def __init__(self) -> None:
        self.application: Flask | None = None
        self.database = Path()
        # Whether the database has been opened since the test began.
        self.touched = False
        self._settings: Mapping[str, str] = {}
        self._fingerprint: dict[str, Any] = {}

    def lend(self, settings: Mapping[str, str], database: Path, cache: BytecodeCache) -> Flask:
        """Return an application with these settings that no test has changed.

        Args:
            settings: its environment.
            database: the SQLite file that it opens, whatever ``DATABASE_URL`` says.
            cache: its compiled templates.
        """
        self.database = database
        asked = {name: text for name, text in settings.items() if name != "DATABASE_URL"}
        app = self.application
        if app is None or asked != self._settings or self.changes(app):
            self._settings, app = asked, self._make(settings, cache)
            self._fingerprint = fingerprint(app)
            self.application = app
        self.close(app)  # a thread of the last test may still have had a connection
        app._got_first_request = False  # a test may still add a view
        return app

    def close(self, app: Flask) -> None:
        """Close the connections to the database, so that its file is complete."""
        # feature: accounts
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        # endfeature
        # The queue lies beside the database, and a test may write in the document.
        for made_when_needed in ("jobs", "openapi"):
            app.extensions.pop(made_when_needed, None)
        self.touched = False

    def changes(self, app: Flask) -> list[str]:
        """Return what has changed about the application since it was made."""
        was, now = self._fingerprint, fingerprint(app)
        return [name for name in was | now if was.get(name) != now.get(name)]

    def _make(self, settings: Mapping[str, str], cache: BytecodeCache) -> Flask:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = cache
        # feature: accounts
        with app.app_context():
            event.listen(db.engine, "do_connect", self._connect)
        # endfeature
        # What Flask makes at the first request belongs to the fingerprint.
        app.test_client().get("/health/live", base_url=app.config["PUBLIC_URL"])
        return app

    # feature: accounts
    def _connect(self, _: object, __: object, arguments: list[Any], ___: Any) -> None:
        """Open the database of the test that is running."""
        self.touched = True
        arguments[0] = str(self.database)

    # endfeature


def fingerprint(app: Flask) -> dict[str, Any]:
    """Return everything that a test could change about an application, by name."""
    jinja = app.jinja_env
    found = {f"app.{name}": value for name, value in snapshot(vars(app)).items()}
    found |= {
        f"jinja.{name}": snapshot(getattr(jinja, name)) for name in ("globals", "filters", "loader")
    }
    found["rules"] = len(list(app.url_map.iter_rules()))
    found["commands"] = snapshot(app.cli.commands)
    found["registry"] = snapshot(vars(app.extensions["house"]))
    # Another application configures the log and the limiter of the process for itself.
    found["log"] = snapshot([one for one in logging.getLogger().handlers if one.name == "stream"])
    # feature: accounts
    found["limiter"] = snapshot(vars(limiter))
    with app.app_context():
        heard = db.engine.dispatch
    found["engine"] = [len(list(getattr(heard, name))) for name in ENGINE_EVENTS]
    # endfeature
    return found
