"""What `flask doctor` asks of this feature."""

from collections.abc import Iterator

from flask import current_app
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db


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
