# file of feature: login
"""The same rules on SQLite and PostgreSQL, and when many come at once."""

from collections import Counter  # feature: passwords

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts import service as accounts  # feature: passwords
from app.accounts.models import User
from app.core.project import ROOT
from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import (
    PASSWORD,
    Browser,
    Mailbox,
    Program,  # feature: api
)
from tests.house.databases import AT_ONCE, at_once


def test_migrations_build_what_the_models_say_and_go_back(served: Flask) -> None:
    directory = str(ROOT / "migrations")
    with served.app_context():
        flask_migrate.check(directory)
        flask_migrate.downgrade(directory, revision="base")
        flask_migrate.upgrade(directory)
        flask_migrate.check(directory)


def test_of_many_who_use_one_link_one_wins(served: Flask) -> None:
    Browser(served).register("ada@example.com")
    link = Mailbox(served).last_link()
    browsers = [Browser(served, f"203.0.113.{n}") for n in range(AT_ONCE)]
    tokens = [browser.token(link) for browser in browsers]
    statuses = at_once(
        lambda n: (
            browsers[n].post(link, {"csrf_token": tokens[n], "password": PASSWORD}).status_code
        )
    )
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 410, 429}
    with served.app_context():
        assert db.session.scalar(select(func.count()).select_from(LoginSession)) == 1


# feature: passwords
def test_of_many_who_reset_with_one_link_one_wins(served: Flask) -> None:
    with served.app_context():
        accounts.create(email="ada@example.com", name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    Browser(served).submit("/password/forgot", email="ada@example.com")
    link = Mailbox(served).last_link()
    browsers = [Browser(served, f"203.0.113.{n}") for n in range(AT_ONCE)]
    tokens = [browser.token(link) for browser in browsers]
    statuses = at_once(
        lambda n: (
            browsers[n]
            .post(link, {"csrf_token": tokens[n], "password": f"copper-window-{n}-moss"})
            .status_code
        )
    )
    assert Counter(statuses) == {303: 1, 410: AT_ONCE - 1}
    winner = statuses.index(303)
    for n in (winner, winner - 1):
        answer = Browser(served).sign_in("ada@example.com", f"copper-window-{n}-moss")
        assert (answer.status_code == 303) == (n == winner)


# endfeature
def test_of_many_who_register_one_address_one_account_remains(served: Flask) -> None:
    browsers = [Browser(served) for _ in range(AT_ONCE)]
    tokens = [browser.token("/register") for browser in browsers]
    form = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD}
    statuses = at_once(
        lambda n: browsers[n].post("/register", {**form, "csrf_token": tokens[n]}).status_code
    )
    assert set(statuses) == {303}
    with served.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 1


@pytest.mark.asvs("6.3.1")
def test_guesses_at_the_same_moment_cannot_share_one_count(served: Flask) -> None:
    browsers = [Browser(served, f"203.0.113.{n}") for n in range(AT_ONCE)]
    tokens = [browser.token() for browser in browsers]
    form = {"email": "ada@example.com", "password": "wrong-wrong-wrong"}
    statuses = at_once(
        lambda n: browsers[n].post("/login", {**form, "csrf_token": tokens[n]}).status_code
    )
    assert set(statuses) == {422, 429}
    assert statuses.count(422) == 5


def test_limits_in_redis_hold_for_every_process(redis: str, settings: dict[str, str]) -> None:
    shared = {**settings, "LIMITS_STORAGE": redis}
    statuses = []
    for n in range(12):
        app = create_app(shared)  # a process of its own knows nothing of the others
        with app.app_context():
            db.create_all()
        statuses.append(Browser(app).sign_in(f"n{n}@example.com").status_code)
    assert statuses == [422] * 10 + [429] * 2


# feature: api
def test_what_neither_database_can_store_is_refused_before_it_comes_there(served: Flask) -> None:
    """PostgreSQL takes no NUL and no half of a character, and SQLite takes both."""
    program = Program(served)
    for strange in (
        "\x00",
        "a\x00b",
        "\ud800",
        "\U0001f600",
        "e\u0301",
        "\u202e",
        "x" * 128,
        "' OR 1=1 --",
    ):
        for field in ("email", "password", "device"):
            sent = {"email": "ada@example.com", "password": PASSWORD, field: strange}
            assert program.post("/auth/token", sent).status_code in (400, 401, 422, 429), strange
        for path, name in (("/auth/refresh", "refresh_token"), ("/auth/token/keep", "attempt")):
            assert program.post(path, {name: strange}).status_code in (400, 401, 422), strange
        answer = program.get(
            "/me", headers={"User-Agent": "x\xa0\x80", "Authorization": "Bearer \xff"}
        )
        assert answer.status_code == 401


# endfeature
