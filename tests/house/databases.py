# file of feature: accounts
"""PostgreSQL and Redis servers of our own, and an application on each kind of database."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from typing import TypeVar

import flask_migrate
import psycopg
import pytest
from flask import Flask

from app import create_app
from app.core.limits import limiter
from app.core.project import ROOT
from app.extensions import db
from tests.conftest import SETTINGS
from tests.parts import require_part

AT_ONCE = 20
PORTS = range(16_000, 32_000)
T = TypeVar("T")


def free_port() -> int:
    """Return a port that is free, from below those that the kernel hands out by itself.

    The kernel could give one of its own to an outgoing connection before it is used.
    The lot is not that of `random`, which draws the same in each worker.
    """
    for port in SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("a hundred ports are taken")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of our own."""
    with postgresql_server() as url:
        yield url


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Serve PostgreSQL from a temporary folder, as another user when we are root: it refuses root.

    It does not wait for the disk, and loses everything if the machine stops.
    """
    bin_folder = Path(require_part("postgresql")).resolve().parent
    runuser = shutil.which("runuser") or "/usr/sbin/runuser"  # not on every root's PATH
    prefix = [runuser, "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="house-pg-", dir="/tmp"))
    if prefix:
        shutil.chown(folder, "postgres", "postgres")
    data, port = folder / "data", free_port()
    # The locale that the environment names may not be installed.
    made_with = ["-D", data, "-A", "trust", "-U", "house", "-E", "UTF8", "--no-locale"]
    initdb = [*prefix, bin_folder / "initdb", *made_with]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
    options = ["-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"]
    server = subprocess.Popen(
        [*prefix, str(bin_folder / "postgres"), "-D", str(data), *options],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"postgresql://house@127.0.0.1:{port}/postgres"

    def takes_connections() -> bool:
        """Tell more than the port, which is open before the server takes anybody in."""
        try:
            psycopg.connect(url, connect_timeout=30).close()
        except psycopg.OperationalError:
            return False
        return True

    try:
        until(takes_connections)
        yield url
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def wait_for_port(port: int) -> None:
    def answers() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            return False
        return True

    until(answers)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.process)])
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


def at_once(work: Callable[[int], T]) -> list[T]:
    """Do the same thing in many threads and return what each got."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, range(AT_ONCE)))


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """A Redis server of our own."""
    found, port = require_part("redis"), free_port()
    server = subprocess.Popen(
        [found, "--port", str(port), "--bind", "127.0.0.1", "--save", ""],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)
