# file of feature: accounts
"""The database: names for every constraint, moments that stay in UTC, SQLite fit for a server."""

import sqlite3
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import DateTime, Dialect, MetaData, event
from sqlalchemy.engine import Engine
from sqlalchemy.types import TypeDecorator

# Without names, a constraint cannot be dropped or altered by a later migration.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# What a column that can hold words holds, so that nobody has to guess what must be guarded (OWASP
# ASVS 5.0.0, 14.1.1): the documents show it, and a test wants it of each.
PLAIN = {"holds": "plain"}
PERSONAL = {"holds": "personal"}
# Opens something, or did: stored as a hash, encrypted, or for a short while.
SECRET = {"holds": "secret"}


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone, and comparing aware with naive raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment and store the others in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone was about to be stored.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def configure(app: Flask) -> None:
    """Hand the address to Flask-SQLAlchemy."""
    app.config["SQLALCHEMY_DATABASE_URI"] = app.config["DATABASE_URL"]
    # An error from the database would carry its parameters, password hashes among them.
    # A server may have hung up since; a file does not, and asking it costs a tenth of a query.
    is_server = not app.config["DATABASE_URL"].startswith("sqlite")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, "pool_pre_ping": is_server}


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Make SQLite wait for a lock, keep foreign keys, and let readers pass the writer.

    The driver's own transaction mode stays: a BEGIN before a read that is followed by a write
    fails at once under load, whatever the busy timeout.
    """
    if not isinstance(connection, sqlite3.Connection):
        return
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA busy_timeout=5000")
