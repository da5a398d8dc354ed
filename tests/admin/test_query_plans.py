"""However many accounts, a page of them is found along an index, in order and without sorting."""

from typing import Any

from flask import Flask
from sqlalchemy import Connection, Select, text

from app.admin.directory import users_query
from app.extensions import db
from tests.tables import Case


def plan(connection: Connection, question: Select[Any]) -> str:
    """Return how the database would go about it."""
    asked = question.compile(connection, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN"
    if connection.dialect.name == "postgresql":
        # With a handful of rows it would read and sort them all, whatever indexes there are.
        for way in ("seqscan", "sort", "bitmapscan", "hashjoin", "mergejoin"):
            connection.execute(text(f"SET LOCAL enable_{way} = off"))
    else:
        explain = "EXPLAIN QUERY PLAN"
    lines = connection.exec_driver_sql(f"{explain} {asked}".replace("%", "%%"))
    return "\n".join(str(tuple(row)) for row in lines)


PLANS = [
    ("", None, ""),
    ("", (7,), ""),
    ("gr", None, "ix_directory_entry_key_user_id"),
    ("gr", ("grace", 7), "ix_directory_entry_key_user_id"),
]


def test_a_page_of_accounts_is_found_along_an_index(served: Flask, case: Case) -> None:
    for search, after, index in PLANS:
        with case(search=search, after=after, index=index):
            with served.app_context(), db.engine.connect() as connection:
                way = plan(connection, users_query(search, after).limit(26))
            assert index in way, way
            for bad in ("TEMP B-TREE", "Sort", "Seq Scan"):
                assert bad not in way, way
