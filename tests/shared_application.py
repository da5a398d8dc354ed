"""One application for all tests of a process, made again when a test has changed it.

Making an application takes longer than most tests, and collecting the garbage of the last one takes
as long again. A test may still change it: the change is found by comparison, and the next test gets
a new application.
"""

import logging
from collections import deque
from collections.abc import Mapping
from threading import BoundedSemaphore
from typing import Any, Protocol

from flask import Flask
from jinja2 import BytecodeCache

from app import create_app

# Made when they are first asked for, from what else is compared.
LAZY = {"openapi", "jinja_loader", "logger", "_got_first_request"}
JINJA = ("globals", "filters", "loader")
VALUES = (str, int, float, bytes, type(None))


class Identity:
    """Compares an object by identity: only whether it is still the same object matters."""

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


class Companion(Protocol):
    """Something outside the application that is renewed with it, such as its database."""

    def attach(self, app: Flask) -> None:
        """Connect a new application to it."""

    def release(self, app: Flask) -> None:
        """Forget what a test did with it."""

    def fingerprint(self, app: Flask) -> dict[str, Any]:
        """Return everything about it that a test could change for the next one, by name."""


class SharedApplication:
    """The application of this process, lent to one test after the other."""

    def __init__(self) -> None:
        self.application: Flask | None = None
        self.companions: list[Companion] = []
        self._settings: Mapping[str, str] = {}
        self._fingerprint: dict[str, Any] = {}

    def lend(self, settings: Mapping[str, str], cache: BytecodeCache) -> Flask:
        """Return an application with these settings that no test has changed.

        Args:
            settings: its environment; ``DATABASE_URL`` may differ from test to test.
            cache: its compiled templates.
        """
        asked = {name: text for name, text in settings.items() if name != "DATABASE_URL"}
        app = self.application
        if app is None or asked != self._settings or self.changes(app):
            self._settings, app = asked, self._make(settings, cache)
            self._fingerprint = self.fingerprint(app)
            self.application = app
        self.release(app)
        app._got_first_request = False  # a test may still add a view
        return app

    def release(self, app: Flask) -> None:
        """Forget what a test did with the application and its companions."""
        for companion in self.companions:
            companion.release(app)
        # The queue lies beside the database, and a test may have edited the document.
        for made_when_needed in ("jobs", "openapi"):
            app.extensions.pop(made_when_needed, None)

    def changes(self, app: Flask) -> list[str]:
        """Return what has changed about the application since it was made."""
        was, now = self._fingerprint, self.fingerprint(app)
        return [name for name in was | now if was.get(name) != now.get(name)]

    def fingerprint(self, app: Flask) -> dict[str, Any]:
        """Return everything that a test could change about the application, by name."""
        found = {f"app.{name}": value for name, value in snapshot(vars(app)).items()}
        found |= {f"jinja.{name}": snapshot(getattr(app.jinja_env, name)) for name in JINJA}
        found["rules"] = len(list(app.url_map.iter_rules()))
        found["commands"] = snapshot(app.cli.commands)
        found["registry"] = snapshot(vars(app.extensions["registry"]))
        # Another application configures the log of the process for itself.
        handlers = logging.getLogger().handlers
        found["log"] = snapshot([one for one in handlers if one.name == "stream"])
        for companion in self.companions:
            found |= companion.fingerprint(app)
        return found

    def _make(self, settings: Mapping[str, str], cache: BytecodeCache) -> Flask:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = cache
        for companion in self.companions:
            companion.attach(app)
        # What Flask makes at the first request belongs to the fingerprint.
        app.test_client().get("/health/live", base_url=app.config["PUBLIC_URL"])
        return app


SHARED = SharedApplication()
