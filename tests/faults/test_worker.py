"""The worker as a process of its own, ended in every way while it works."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from app.core import clock
from app.core.jobs import PeriodicRun, open_queue
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.core.project import ROOT
from app.extensions import db
from tests.accounts.mail_server import MailServer, post
from tests.conftest import SETTINGS, Browser
from tests.house.databases import free_port, until

pytestmark = pytest.mark.slow

MAILS = 120
KILLS = 10


class Server(MailServer):
    """Takes its time before and after it has a mail, as real ones do."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(self.stalls)
        return answer

    def speaks(self) -> bool:
        """Tell whether a conversation goes on: a dead client may have said more than was read."""
        return bool(asyncio.all_tasks(self.loop))

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]


@pytest.fixture
def server(certificate: Any) -> Iterator[Server]:
    """A mail server that insists on STARTTLS."""
    server = Server()
    server.stalls = 0.01
    with server.serving(tls_context=certificate, require_starttls=True):
        yield server


@pytest.fixture
def environment(server: Server, trusted: str, tmp_path: Path) -> dict[str, str]:
    """The settings of a production that is on this machine."""
    return {
        **SETTINGS,
        "APP_ENV": "production",
        "BCRYPT_ROUNDS": "10",
        "DATABASE_URL": f"sqlite:///{tmp_path}/house.db",
        "JOBS_STORAGE": f"sqlite:///{tmp_path}/jobs.db",
        "SMTP_URL": f"smtp://localhost:{server.port}",
        "SSL_CERT_FILE": trusted,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def site(environment: dict[str, str]) -> Iterator[Flask]:
    """The web application beside the worker, with its tables."""
    app = create_app(environment)
    with app.app_context():
        db.create_all()
        limiter.reset()
    yield app
    with app.app_context():
        db.engine.dispose()


Start = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def start(environment: dict[str, str], site: Flask) -> Iterator[Start]:
    """Start a worker; the test is over when all of them are."""
    workers: list[subprocess.Popen[str]] = []

    def _start() -> subprocess.Popen[str]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        workers.append(worker)
        assert worker.stdout
        assert worker.stdout.readline() == "The worker runs; stop it with Ctrl+C.\n"
        return worker

    yield _start
    for worker in workers:
        worker.kill()
        worker.communicate()


def unsent(site: Flask) -> set[str]:
    """Return the ids of the mails that our side does not know to be out."""
    with site.app_context():
        waiting = select(OutboxMail.message_id).where(OutboxMail.sent_at.is_(None))
        return set(db.session.scalars(waiting))


def let_minutes_pass(site: Flask) -> None:
    """Let every claim run out, as it would by itself."""
    with site.app_context():
        waiting = update(OutboxMail).where(OutboxMail.next_try_at.is_not(None))
        db.session.execute(waiting.values(next_try_at=clock.now()))
        db.session.commit()


def test_ten_kills_lose_no_mail_and_repeat_only_what_was_out_and_not_written_down(
    site: Flask, server: Server, start: Start
) -> None:
    post(site, *(f"n{n}@example.com" for n in range(MAILS)))
    expected = Counter(unsent(site))
    for _ in range(KILLS):
        worker = start()
        goal = len(server.mails) + random.randint(1, 8)  # noqa: S311
        until(lambda goal=goal: len(server.mails) >= goal)  # type: ignore[misc]
        time.sleep(random.random() * 0.03)  # noqa: S311 - anywhere between two mails
        worker.kill()
        worker.wait()
        until(lambda: not server.speaks())
        # The one window: the server has taken these, and we have not written it down.
        in_the_window = unsent(site) & set(server.ids())
        assert len(in_the_window) <= 2, "more than one mail for each hand of the worker"
        expected.update(in_the_window)
        let_minutes_pass(site)
    assert unsent(site), "the worker was done before it could be killed ten times"
    start()
    until(lambda: not unsent(site))
    assert Counter(server.ids()) == expected


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_finishes_the_mail_in_hand(
    site: Flask, server: Server, start: Start, number: signal.Signals
) -> None:
    post(site, *(f"n{n}@example.com" for n in range(MAILS)))
    worker = start()
    until(lambda: len(server.mails) >= 3)
    worker.send_signal(number)
    told, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0, told
    assert told.endswith("The worker has stopped.\n")
    assert "Traceback" not in told
    assert 0 < len(unsent(site)) < MAILS
    assert unsent(site).isdisjoint(server.ids())
    assert set(Counter(server.ids()).values()) == {1}


def register(site: Flask, email: str) -> None:
    answer = Browser(site).register(email)
    answer.close()
    assert answer.status_code == 303


def no_look_is_due(site: Flask) -> None:
    """Let the worker have looked just now, so that for a minute only a wake-up brings it."""
    with site.app_context():
        db.session.add(PeriodicRun(name="accounts.deliver", began_at=clock.now()))
        db.session.commit()


def test_a_registration_is_mailed_by_the_worker_in_a_moment(
    site: Flask, server: Server, start: Start
) -> None:
    no_look_is_due(site)
    start()
    register(site, "ada@example.com")
    until(lambda: server.recipients() == ["ada@example.com"], seconds=50)


def test_the_queue_may_be_in_redis(
    environment: dict[str, str], redis: str, server: Server, request: pytest.FixtureRequest
) -> None:
    environment["JOBS_STORAGE"] = redis
    site = request.getfixturevalue("site")
    no_look_is_due(site)
    request.getfixturevalue("start")()
    register(site, "ada@example.com")
    until(lambda: server.recipients() == ["ada@example.com"], seconds=50)


def test_without_a_worker_mails_wait_and_the_doctor_says_so(
    site: Flask, server: Server, environment: dict[str, str], start: Start
) -> None:
    register(site, "ada@example.com")
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert "- No worker has ever run, so no mail leaves: start one" in told.stdout
    assert server.mails == []
    start()
    until(lambda: server.recipients() == ["ada@example.com"])


def test_a_queue_that_is_deleted_loses_nothing(
    site: Flask, server: Server, start: Start, tmp_path: Path
) -> None:
    register(site, "ada@example.com")
    assert [task.name for task in open_queue(site).pending()] == ["wake"]
    for file in tmp_path.glob("jobs.db*"):
        file.unlink()
    start()
    until(lambda: server.recipients() == ["ada@example.com"])


def test_a_queue_that_does_not_answer_holds_up_no_mail(
    environment: dict[str, str], server: Server, request: pytest.FixtureRequest
) -> None:
    environment["JOBS_STORAGE"] = f"redis://127.0.0.1:{free_port()}/0"
    site = request.getfixturevalue("site")
    post(site, "ada@example.com")
    worker = request.getfixturevalue("start")()
    until(lambda: server.recipients() == ["ada@example.com"])
    worker.send_signal(signal.SIGTERM)
    told, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0, told
    assert told.count("Traceback") < 10
