"""How alembic finds the database and the tables: through the application, in one transaction."""

from alembic import context
from flask import current_app

from app.core.database import UTCDateTime

database = current_app.extensions["migrate"].db


def is_ours(_: object, name: str | None, kind: str, *__: object) -> bool:
    """Leave alone what stands in a shared database and is not ours to drop."""
    return kind != "table" or name in database.metadata.tables


def render(_: str, item: object, __: object) -> str | bool:
    """Write our time type as SQLAlchemy's own.

    What a migration did must not change when the application's code does.
    """
    return "sa.DateTime(timezone=True)" if isinstance(item, UTCDateTime) else False


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        include_object=is_ours,
        compare_type=True,
        render_item=render,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
