"""However long the log, a page of it is found along an index, in order and without sorting."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Select, text
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.security_log.service import Wanted, entries_query
from tests.tables import Case

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
ADA = "a" * 32
# Which index finds it. Somebody's own events are few beside everybody's of one kind.
WANTED = {
    "happened_at_id": [Wanted(), Wanted(since=MOMENT), Wanted(since=MOMENT, until=MOMENT)],
    "account_happened_at_id": [
        Wanted(account=ADA),
        Wanted(account=ADA, since=MOMENT),
        Wanted(account=ADA, kind="signed_in"),
        Wanted(account=ADA, kind="signed_in", until=MOMENT),
    ],
    "kind_happened_at_id": [Wanted(kind="signed_in"), Wanted(kind="signed_in", since=MOMENT)],
}
CASES = [(index, wanted) for index, many in WANTED.items() for wanted in many]


def plan(connection: Connection, question: Select[Any]) -> str:
    """Return how the database would go about it."""
    literal = {"compile_kwargs": {"literal_binds": True}}
    if connection.dialect.name == "postgresql":
        # With a handful of rows it would read and sort them all, whatever indexes there are.
        for way in ("seqscan", "sort", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
        asked = question.compile(dialect=postgresql.dialect(), **literal)
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}").scalars())
    asked = question.compile(dialect=sqlite.dialect(), **literal)
    lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")
    return "\n".join(row.detail for row in lines)


def test_a_page_of_the_log_is_found_along_an_index(served: Flask, case: Case) -> None:
    for after, (index, wanted) in product((None, (MOMENT, 7)), CASES):
        with case(after=after, index=index, wanted=wanted):
            with served.app_context(), db.engine.connect() as connection:
                way = plan(connection, entries_query(wanted, after, 25))
            assert f"ix_security_event_{index}" in way, way
            for bad in ("TEMP B-TREE", "Sort", "Seq Scan"):
                assert bad not in way, way
