# file of feature: login
"""The same rules on SQLite and PostgreSQL, and when many come at once."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter  # feature: passwords
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts import service as accounts  # feature: passwords
from app.accounts.models import User
from app.config import ROOT
from app.extensions import db, limiter
from app.login.models import LoginSession
from tests.conftest import PASSWORD, SETTINGS, Browser, Mailbox, require_part

AT_ONCE = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own, as another user when we are root: it refuses root."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb") or next((str(p / "initdb") for p in places), None)
    require_part("PostgreSQL", found, "sudo apt install postgresql")
    bin_folder = Path(str(found)).parent
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # not on every root's PATH
    prefix = [runuser, "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="house-pg-", dir="/tmp"))
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    initdb = [bin_folder / "initdb", "-D", data, "-A", "trust", "-U", "house", "-E", "UTF8"]
    subprocess.run([*prefix, *map(str, initdb)], check=True, capture_output=True, cwd=folder)
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    server = subprocess.Popen(
        [*prefix, str(bin_folder / "postgres"), "-D", str(data), *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"postgresql://house@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_port(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not come up in ten seconds")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/house.db"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture
def served(database_url: str) -> Iterator[Flask]:
    """An application on tables made by the migrations."""
    app = create_app({**SETTINGS, "DATABASE_URL": database_url, "HASHING_AT_ONCE": "20"})
    with app.app_context():
        flask_migrate.upgrade(str(ROOT / "migrations"))
        limiter.reset()
    limiter.enabled = False
    yield app
    limiter.enabled = True
    with app.app_context():
        db.session.remove()
        flask_migrate.downgrade(str(ROOT / "migrations"), revision="base")
        db.engine.dispose()


def at_once(work: Callable[[int], int]) -> list[int]:
    """Do the same thing in many threads and return what each got."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, range(AT_ONCE)))


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


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """A Redis server of our own."""
    found = shutil.which("redis-server")
    require_part("Redis", found, "sudo apt install redis-server")
    port = free_port()
    server = subprocess.Popen(
        [str(found), "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)


def test_limits_in_redis_hold_for_every_process(redis: str, settings: dict[str, str]) -> None:
    shared = {**settings, "LIMITS_STORAGE": redis}
    statuses = []
    for n in range(12):
        app = create_app(shared)  # a process of its own knows nothing of the others
        with app.app_context():
            db.create_all()
        statuses.append(Browser(app).sign_in(f"n{n}@example.com").status_code)
        with app.app_context():
            db.engine.dispose()
    assert statuses == [422] * 10 + [429] * 2
