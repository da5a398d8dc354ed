# file of feature: accounts
"""What an application sends to its database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from app.extensions import db


@contextmanager
def listening(app: Flask, function: Callable[..., None]) -> Iterator[None]:
    """Call a function before each statement, as SQLAlchemy's ``before_cursor_execute`` does."""
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", function)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", function)


@contextmanager
def collected(app: Flask) -> Iterator[list[str]]:
    """Collect each statement."""
    found: list[str] = []

    def note(_: object, __: object, statement: str, *___: Any) -> None:
        found.append(statement)

    with listening(app, note):
        yield found
