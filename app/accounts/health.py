"""What readiness and `flask doctor` ask of this feature."""

import logging
from collections.abc import Iterator

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db

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
    try:
        tables = set(inspect(db.engine).get_table_names())
    except SQLAlchemyError as error:
        yield f"The database does not answer ({type(error).__name__}): check DATABASE_URL."
        return
    if not set(db.metadata.tables) <= tables:
        yield "The database lacks tables: run `flask db upgrade`."
    if current_app.config["APP_ENV"] == "production" and current_app.config[
        "LIMITS_STORAGE"
    ].startswith("memory:"):
        yield (
            "LIMITS_STORAGE=memory:// counts attempts in each process alone: "
            "set it to redis://host when more than one process serves."
        )
