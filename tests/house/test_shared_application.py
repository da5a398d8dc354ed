# file of feature: accounts
"""The tests' own ground: what a test changes reaches no other test."""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import DictLoader, FileSystemBytecodeCache
from sqlalchemy import event

from app import create_app
from app.accounts import service as accounts
from app.accounts.points import ACCOUNT_LINES
from app.extensions import db
from tests import prepared as prepared_states
from tests.conftest import SETTINGS, Clock
from tests.prepared import DATABASE, PreparedStates
from tests.shared_application import SHARED


def add_listener(app: Flask) -> None:
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *_: None)


CHANGES: dict[str, Callable[[Flask], object]] = {
    "a setting": lambda app: app.config.update(SITE_NAME="Other"),
    "a list in a setting": lambda app: app.config["TRUSTED_HOSTS"].append("example.com"),
    "a route": lambda app: app.add_url_rule("/new", "new", lambda: ""),
    "a view": lambda app: app.view_functions.update({"site.home": lambda: ""}),
    "a hook": lambda app: app.before_request(lambda: None),
    "an error handler": lambda app: app.register_error_handler(418, lambda _: ("", 418)),
    "a declaration": lambda app: app.extensions["registry"].permissions.update(new=""),
    "a contribution": lambda app: ACCOUNT_LINES.add(app, lambda _: []),
    "a word for templates": lambda app: app.jinja_env.globals.update(word="x"),
    "a loader of templates": lambda app: setattr(app.jinja_env, "loader", DictLoader({})),
    "a command": lambda app: app.cli.command("new")(lambda: None),
    "an extension": lambda app: app.extensions.update(new=object()),
    "a place for hashing": lambda app: app.extensions["hashing"].acquire(),
    "a listener on the engine": add_listener,
    "the limiter and the log, taken by another application": lambda _: create_app(SETTINGS),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed_and_the_next_test_gets_another_application(
    app: Flask,
    settings: dict[str, str],
    compiled_templates: FileSystemBytecodeCache,
    monkeypatch: pytest.MonkeyPatch,
    change: str,
) -> None:
    if "another" in change:
        monkeypatch.setitem(SETTINGS, "DATABASE_URL", settings["DATABASE_URL"])
    assert SHARED.changes(app) == []
    CHANGES[change](app)
    assert SHARED.changes(app) != []
    other = SHARED.lend(settings, compiled_templates)
    assert other is not app
    assert SHARED.changes(other) == []


def test_requests_change_nothing_that_another_test_could_notice(
    app: Flask, settings: dict[str, str], compiled_templates: FileSystemBytecodeCache
) -> None:
    for path in ("/", "/nowhere", "/login"):
        app.test_client().get(path, base_url="http://localhost:8000")
    logging.getLogger("app").info("a line")
    assert SHARED.lend(settings, compiled_templates) is app


def test_other_settings_get_another_application(
    app: Flask, settings: dict[str, str], compiled_templates: FileSystemBytecodeCache
) -> None:
    assert SHARED.lend({**settings, "SITE_NAME": "Other"}, compiled_templates) is not app


@pytest.fixture
def steps(
    app: Flask, settings: dict[str, str], tmp_path: Path, prepared: PreparedStates
) -> Callable[[], list[str]]:
    """Begin like a test and take two steps; return those that were run and not copied."""

    def _steps() -> list[str]:
        run: list[str] = []

        def make(email: str) -> str:
            run.append(email)
            with app.app_context():
                accounts.create(email=email, name="A", password=None, confirmed=True)
                db.session.commit()
            return email

        SHARED.release(app)
        prepared.begin(settings, tmp_path / "test.db")
        for email in ("first@example.com", "second@example.com"):
            assert prepared.after(f"step {email}", app, lambda email=email: make(email)) == email
        with app.app_context():
            assert accounts.find_user("first@example.com")
            assert accounts.find_user("second@example.com")
        return run

    return _steps


def test_a_state_is_made_once_and_then_copied(steps: Callable[[], list[str]]) -> None:
    steps()
    assert steps() == []


def test_a_state_that_is_too_old_is_made_again(
    steps: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps()
    monkeypatch.setattr(prepared_states, "MAX_AGE", 0)
    assert steps() == ["first@example.com", "second@example.com"]


def test_what_follows_a_state_that_was_made_again_is_made_again(
    steps: Callable[[], list[str]], prepared: PreparedStates
) -> None:
    steps()
    first = next(key for key in prepared._made if "step first@example.com" in key)
    del prepared._made[first]
    assert steps() == ["first@example.com", "second@example.com"]


def test_nothing_is_copied_over_what_a_test_has_written(
    app: Flask, prepared: PreparedStates
) -> None:
    with app.app_context():
        accounts.create(email="own@example.com", name="A", password=None, confirmed=True)
        db.session.commit()
    assert DATABASE.touched
    assert prepared.after("user", app, lambda: "made") == "made"
    with app.app_context():
        assert accounts.find_user("own@example.com")


def test_nothing_is_copied_into_another_time(
    app: Flask, prepared: PreparedStates, moving_clock: Clock
) -> None:
    moving_clock.ahead = timedelta(hours=1)
    assert prepared.after("user", app, lambda: "made") == "made"
