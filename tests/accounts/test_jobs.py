"""What is done behind the answers: the worker is woken, and periodic work is done once."""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts.housekeeping import tidy
from app.core import throttle, tokens
from app.core.errors import TooManyAttempts
from app.core.feature import Feature, Periodic
from app.core.health import DOCTOR_CHECKS
from app.core.jobs import PeriodicRun, WorkFailed, open_queue, run, run_due
from app.core.limits import limiter
from app.core.outbox import OutboxMail, post_mail
from app.core.project import ROOT
from app.core.registry import load_features
from app.core.settings import SettingsRefused
from app.extensions import db
from app.features import FEATURES
from tests.accounts.mail_server import KIND
from tests.conftest import Browser, Clock
from tests.house.databases import free_port


def register(app: Flask, email: str = "ada@example.com") -> int:
    """Register, let the answer go out with what is done behind it, and return the status."""
    answer = Browser(app).register(email)
    answer.close()
    return answer.status_code


def waiting(app: Flask) -> list[str]:
    """Return the names of what waits in the queue."""
    return [task.name for task in open_queue(app).pending()]


@pytest.fixture
def mail_port() -> Iterator[socket.socket]:
    """A port that hears everybody who comes and says nothing."""
    with socket.create_server(("localhost", 0)) as listener:
        listener.setblocking(False)
        yield listener


@pytest.fixture
def production(settings: dict[str, str], tmp_path: Path, mail_port: socket.socket) -> Flask:
    """An application as it is in production, on this machine."""
    app = create_app(
        {
            **settings,
            "APP_ENV": "production",
            "BCRYPT_ROUNDS": "10",
            "JOBS_STORAGE": f"sqlite:///{tmp_path}/jobs.db",
            "SMTP_URL": f"smtp://localhost:{mail_port.getsockname()[1]}",
        }
    )
    with app.app_context():
        db.create_all()
        limiter.reset()
    return app


def test_in_production_a_request_wakes_the_worker_and_speaks_to_no_mail_server(
    production: Flask, mail_port: socket.socket
) -> None:
    assert register(production) == 303
    assert waiting(production) == ["wake"]
    with pytest.raises(BlockingIOError):
        mail_port.accept()


def test_the_queue_does_not_grow_while_no_worker_runs(production: Flask) -> None:
    for n in range(4):
        register(production, f"n{n}@example.com")
    assert waiting(production) == ["wake"]
    queue = open_queue(production)
    assert queue.dequeue().name == "wake"
    register(production)
    assert waiting(production) == ["wake"]


def test_a_request_that_posted_nothing_wakes_nobody(production: Flask) -> None:
    Browser(production).get("/register").close()
    assert "jobs" not in production.extensions


def test_a_worker_whose_queue_cannot_be_opened_says_so_in_one_line(
    app: Flask, tmp_path: Path
) -> None:
    (tmp_path / "queue.db").write_text("This is no database. " * 99)
    app.config["JOBS_STORAGE"] = f"sqlite:///{tmp_path}/queue.db"
    result = app.test_cli_runner().invoke(args=["jobs", "work"])
    assert result.exit_code == 1
    assert "Error: The queue cannot be opened (DatabaseError)" in result.output


@pytest.mark.asvs("16.5.2")
@pytest.mark.parametrize("storage", ["redis", "file", "nonsense in the file"])
def test_a_queue_that_is_down_fails_no_request(
    production: Flask, storage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "queue.db"
    file.write_text("This is no database. " * 99)
    production.config["JOBS_STORAGE"] = {
        "redis": f"redis://127.0.0.1:{free_port()}/0",
        "file": f"sqlite:///{file}/jobs.db",
        "nonsense in the file": f"sqlite:///{file}",
    }[storage]
    assert register(production) == 303
    assert "the worker was not woken, it will look by itself" in caplog.text
    with production.app_context():
        assert db.session.scalars(select(OutboxMail)).one().next_try_at is not None


@pytest.mark.asvs("1.5.2", "16.5.2")
@pytest.mark.parametrize("entry", [b"5", b"no JSON", b'["a"]', b'["a", "unknown"]', b"\x80\x04."])
def test_an_entry_that_others_wrote_keeps_no_mail_back(production: Flask, entry: bytes) -> None:
    open_queue(production).storage.enqueue(entry)
    assert register(production) == 303
    assert waiting(production) == ["wake"]


@pytest.mark.process
def test_serving_does_not_load_what_only_the_worker_needs() -> None:
    """A second of imports, for every process."""
    code = "import sys, app, tests.conftest as c; app.create_app({**c.SETTINGS, 'DATABASE_URL': "
    code += "'sqlite://'}); print('huey' in sys.modules, 'smtplib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "False False\n", done.stderr


# --- Periodic work --------------------------------------------------------------------------------


@pytest.mark.parametrize("feature", load_features(FEATURES), ids=lambda feature: feature.name)
def test_periodic_work_is_declared_well(feature: Feature) -> None:
    for work in feature.periodic:
        assert work.name.startswith(f"{feature.name}.")
        assert work.minutes >= 1
        assert work.about.endswith(".")
        assert callable(feature.resolve(work.work))


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Feature:
    """A feature whose first work writes and then fails, and whose second only writes."""

    def write(name: str) -> int:
        post_mail(KIND, f"{name}@example.com", name=name)
        db.session.flush()
        return 1

    def fail() -> int:
        write("fail")
        raise LookupError("ada@example.com")

    works = ModuleType("app.probe.works")
    vars(works).update(fail=fail, write=lambda: write("write"))
    monkeypatch.setitem(sys.modules, "app.probe.works", works)
    return Feature(
        "probe",
        periodic=(
            Periodic("probe.fail", "works:fail", minutes=10, about="Fails."),
            Periodic("probe.write", "works:write", minutes=10, about="Writes."),
        ),
    )


def recipients(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(OutboxMail.recipient).order_by(OutboxMail.id)))


@pytest.mark.asvs("2.3.3", "16.3.4")
def test_work_that_fails_is_taken_back_and_holds_up_nothing(
    app: Flask, probe: Feature, caplog: pytest.LogCaptureFixture
) -> None:
    app.extensions["registry"].features += (probe,)
    with caplog.at_level(logging.INFO):
        run_due(app)
        with app.app_context():
            with pytest.raises(WorkFailed):
                run(probe, probe.periodic[0])
            db.session.commit()  # of whoever goes on after it
    assert recipients(app) == ["write@example.com"]
    assert "probe.fail failed: LookupError" in caplog.text
    assert "probe.write touched 1 rows" in caplog.text
    assert "ada@example.com" not in caplog.text


@pytest.mark.asvs("16.5.2")
def test_a_database_that_is_away_ends_no_worker(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        db.drop_all()
    run_due(app)
    assert "accounts.tidy was not begun: OperationalError" in caplog.text


def test_work_is_done_again_when_its_time_has_come(
    app: Flask, probe: Feature, moving_clock: Clock
) -> None:
    app.extensions["registry"].features += (probe,)
    for minutes, done in ((0, 1), (8, 1), (2, 2), (0, 2)):
        moving_clock.forward(minutes=minutes)
        run_due(app)
        assert len(recipients(app)) == done


def test_periodic_work_is_listed_and_done_by_hand(app: Flask, probe: Feature) -> None:
    terminal = app.test_cli_runner()
    listed = terminal.invoke(args=["jobs", "list"]).output
    assert "accounts.deliver\tevery 1 min\tnever yet\tSends the mails that are due.\n" in listed
    done = terminal.invoke(args=["jobs", "run", "accounts.tidy"])
    assert done.output.endswith("accounts.tidy touched 0 rows.\n")
    run_due(app)
    assert "accounts.tidy\tevery 60 min\tlast 20" in terminal.invoke(args=["jobs", "list"]).output
    unknown = terminal.invoke(args=["jobs", "run", "tea"])
    assert unknown.exit_code == 1
    assert "There is no work tea; there is accounts.deliver, accounts.tidy" in unknown.output
    app.extensions["registry"].features += (probe,)
    failed = terminal.invoke(args=["jobs", "run", "probe.fail"])
    assert failed.exit_code == 1
    assert failed.output.endswith("Error: probe.fail failed: LookupError.\n")


# --- Housekeeping ---------------------------------------------------------------------------------


@pytest.mark.asvs("14.2.7")
def test_what_nobody_needs_is_removed_and_nothing_else(app: Flask, moving_clock: Clock) -> None:
    with app.app_context():
        tokens.issue("kept", timedelta(days=99))
        tokens.issue("expired", timedelta(hours=1))
        used = tokens.issue("used", timedelta(days=99))
        tokens.consume(tokens.get("used", used))
        throttle.count_try("old", "ada@example.com")
        for recipient in ("sent", "failed", "waiting"):
            post_mail(KIND, f"{recipient}@example.com", name="Ada")
        db.session.flush()
        for column in ("sent", "failed"):
            settled = db.update(OutboxMail).where(OutboxMail.recipient == f"{column}@example.com")
            moment = {f"{column}_at": moving_clock.now(), "next_try_at": None}
            db.session.execute(settled.values(moment))
        db.session.commit()
        moving_clock.forward(days=29)
        throttle.count_try("new", "ada@example.com")
        assert tidy() == 3
        moving_clock.forward(days=2)
        throttle.count_try("newer", "ada@example.com")
        assert tidy() == 3
        db.session.commit()
        left = db.session.scalars(select(tokens.OneTimeToken.purpose)).all()
        assert left == ["kept"]
        assert db.session.scalars(select(throttle.Throttle.purpose)).all() == ["newer"]
    assert recipients(app) == ["waiting@example.com"]


def test_a_subject_that_waits_is_not_forgotten(app: Flask, moving_clock: Clock) -> None:
    with app.app_context():
        for _ in range(5):
            throttle.count_try("sign_in", "ada@example.com")
        db.session.execute(
            db.update(throttle.Throttle).values(
                last_try_at=moving_clock.now() - timedelta(days=2),
                blocked_until=moving_clock.now() + timedelta(hours=1),
            )
        )
        assert tidy() == 0
        with pytest.raises(TooManyAttempts):
            throttle.count_try("sign_in", "ada@example.com")
        db.session.rollback()


# --- The owner sees it ----------------------------------------------------------------------------


def doctor(app: Flask) -> str:
    with app.app_context():
        return "\n".join(sentence for check in DOCTOR_CHECKS for sentence in check())


def test_a_missing_worker_is_seen(production: Flask, moving_clock: Clock) -> None:
    assert "No worker has ever run" in doctor(production)
    with production.app_context():
        db.session.add(PeriodicRun(name="accounts.deliver", began_at=moving_clock.now()))
        db.session.commit()
    moving_clock.forward(minutes=4)
    assert "No worker" not in doctor(production)
    moving_clock.forward(minutes=2)
    assert "No worker has run since 20" in doctor(production)
    assert "start one with `flask jobs work`" in doctor(production)


def test_mails_that_are_late_or_given_up_are_seen(production: Flask, moving_clock: Clock) -> None:
    register(production)
    assert "mails" not in doctor(production)
    moving_clock.forward(minutes=6)
    assert "1 mails have been due for more than 5 minutes" in doctor(production)
    with production.app_context():
        given_up = {"failed_at": moving_clock.now(), "next_try_at": None}
        db.session.execute(db.update(OutboxMail).values(given_up))
        db.session.commit()
    assert "1 mails were given up: `flask mail failed` says why" in doctor(production)


def test_the_development_inbox_needs_no_worker(app: Flask, moving_clock: Clock) -> None:
    register(app)
    moving_clock.forward(days=1)
    assert doctor(app) == ""
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PeriodicRun)) == 0


@pytest.mark.parametrize(
    "value", ["mail.example.com", "smtp://", "smtp://user:pass/word@host", "smtps://host:0"]
)
def test_an_address_that_is_no_mail_server_is_refused(settings: dict[str, str], value: str) -> None:
    with pytest.raises(SettingsRefused, match=r"write smtp://user") as refused:
        create_app({**settings, "SMTP_URL": value})
    assert "pass" not in str(refused.value).replace("user:password", "")


@pytest.mark.parametrize("value", ["jobs.db", "sqlite://", "sqlite:///", "amqp://localhost"])
def test_a_storage_that_is_none_is_refused(settings: dict[str, str], value: str) -> None:
    with pytest.raises(SettingsRefused, match=r"write sqlite:///jobs.db or redis://"):
        create_app({**settings, "JOBS_STORAGE": value})
