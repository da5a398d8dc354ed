# file of feature: accounts
"""Jobs: what is done behind the answers, by a worker of its own.

The rows are the truth: a mail that is due, the moment a periodic work last began. The queue only
wakes the worker, so a queue that is lost or broken loses nothing. A mail then waits about a minute.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import String, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.containment import Broken, contained
from app.core.database import PLAIN, UTCDateTime
from app.core.feature import Feature, Periodic
from app.core.registry import registry
from app.core.work import QueueUnusable, stopping
from app.extensions import affected_rows, db

log = logging.getLogger(__name__)


class PeriodicRun(db.Model):  # type: ignore[misc,name-defined]
    """When a periodic work last began; the row that workers race for."""

    __tablename__ = "periodic_run"

    name: Mapped[str] = mapped_column(String(80), primary_key=True, info=PLAIN)
    began_at: Mapped[datetime] = mapped_column(UTCDateTime)


class WorkFailed(Exception):
    """A periodic work raised; what it had written is rolled back and the reason is in the log."""


def periodic_work() -> Iterator[tuple[Feature, Periodic]]:
    """Yield what the features of this application have declared, in their order."""
    for feature in registry().features:
        for work in feature.periodic:
            yield feature, work


def run(feature: Feature, work: Periodic) -> int:
    """Do one work now, commit, and return how many rows it touched.

    Raises:
        WorkFailed: it raised anything at all; the type is logged and nothing is committed.
    """
    try:
        touched = contained(_do, feature, work)
    except Broken as broken:  # or a mistake in one feature would end the worker for all
        db.session.rollback()
        log.error("%s failed: %s", work.name, broken)  # noqa: TRY400 - never the message
        raise WorkFailed(str(broken)) from broken
    # The sweep for mails comes each minute; that it found nothing is no news.
    log.log(logging.INFO if touched else logging.DEBUG, "%s touched %s rows", work.name, touched)
    return touched


def _do(feature: Feature, work: Periodic) -> int:
    touched = int(feature.resolve(work.work)())
    db.session.commit()
    return touched


def run_due(app: Flask) -> None:
    """Do the work whose time has come; one that fails does not hold up the next.

    Never raises: whoever looks every few seconds must outlive a database that is away.
    """
    with app.app_context():
        works = list(periodic_work())
    for feature, work in works:
        if stopping.is_set():
            return
        with app.app_context():
            _run_if_due(feature, work)


def _run_if_due(feature: Feature, work: Periodic) -> None:
    try:
        if _claim(work):
            run(feature, work)
    except WorkFailed:
        pass  # it is in the log
    except SQLAlchemyError as error:
        log.warning("%s was not begun: %s", work.name, type(error).__name__)


def _claim(work: Periodic) -> bool:
    """Note that a work begins and tell whether this worker may do it: of several, one wins."""
    now = clock.now()
    due = PeriodicRun.began_at <= now - timedelta(minutes=work.minutes)
    ours = update(PeriodicRun).where(PeriodicRun.name == work.name, due).values(began_at=now)
    won = affected_rows(ours) == 1 or _begin(work, now)
    db.session.commit()
    return won


def _begin(work: Periodic, now: datetime) -> bool:
    """Make the row of a work that has never run, and tell whether this worker made it."""
    if db.session.get(PeriodicRun, work.name):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(PeriodicRun(name=work.name, began_at=now))
    except IntegrityError:
        return False
    return True


def wake(app: Flask) -> None:
    """Ask the worker to deliver now; one waiting request is enough, however long nobody comes.

    A queue that cannot be used fails nobody: the answer is out, the mail is committed, and the
    worker looks by itself within a minute.
    """
    from app.core.queue import ask_to_deliver  # and with it huey, for a process that needs it

    try:
        ask_to_deliver(open_queue(app))
    except QueueUnusable as error:
        log.warning("the worker was not woken, it will look by itself: %s", error)


def open_queue(app: Flask) -> Any:
    """Return the queue of this process, opened when it is first needed.

    Raises:
        QueueUnusable: it cannot be opened; Redis is asked only when it is used.
    """
    if "jobs" not in app.extensions:
        from app.core.queue import build  # and with it huey, for a process that needs it

        app.extensions["jobs"] = build(app)
    return app.extensions["jobs"]
