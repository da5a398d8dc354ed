"""What readiness and `flask doctor` ask of this feature."""

import logging
from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.core import clock
from app.core.jobs import PeriodicRun
from app.core.outbox import OutboxMail
from app.extensions import db

LATE = timedelta(minutes=5)

log = logging.getLogger(__name__)


def unready_parts() -> list[str]:
    """Return ``database`` if it does not answer."""
    try:
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("database not ready: %s", type(error).__name__)
        return ["database"]
    return []


def doctor() -> Iterator[str]:
    """Yield a sentence for each fault, with its cure."""
    production = current_app.config["APP_ENV"] == "production"
    if production and current_app.config["LIMITS_STORAGE"].startswith("memory:"):
        yield (
            "LIMITS_STORAGE=memory:// counts attempts in each process alone: "
            "set it to redis://host when more than one process serves."
        )
    try:
        tables = set(inspect(db.engine).get_table_names())
    except SQLAlchemyError as error:
        yield f"The database does not answer ({type(error).__name__}): check DATABASE_URL."
        return
    if not set(db.metadata.tables) <= tables:
        yield "The database lacks tables: run `flask db upgrade`."
        return
    if production:
        yield from _worker()
    if current_app.config["SMTP_URL"]:
        yield from _mails()


def _worker() -> Iterator[str]:
    """The sweep for mails is the pulse of the worker: it comes every minute."""
    pulse = db.session.get(PeriodicRun, "accounts.deliver")
    if pulse is None:
        yield "No worker has ever run, so no mail leaves: start one with `flask jobs work`."
    elif pulse.began_at < clock.now() - LATE:
        since = f"{pulse.began_at:%Y-%m-%d %H:%M} UTC"
        yield f"No worker has run since {since}: start one with `flask jobs work`."


def _mails() -> Iterator[str]:
    late = OutboxMail.next_try_at < clock.now() - LATE
    if count := db.session.scalar(select(func.count()).where(late)):
        yield (
            f"{count} mails have been due for more than {LATE.seconds // 60} minutes: "
            "see that `flask jobs work` runs, or send them with `flask mail deliver`."
        )
    if count := db.session.scalar(select(func.count()).where(OutboxMail.failed_at.is_not(None))):
        yield (
            f"{count} mails were given up: `flask mail failed` says why; `flask mail again` "
            "sends them once more, `flask mail forget` removes them."
        )
