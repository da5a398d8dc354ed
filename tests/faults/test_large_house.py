"""The administration of a large house: as many questions as in a small one, each along an index.

The pages are asked for by HTTP, in two houses of which one is ten times as large, and the plans
are those that the database really has for so many rows. Nothing is switched off for it.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, has_request_context
from sqlalchemy import event

from app.accounts import service as accounts
from app.extensions import db
from app.roles import service as roles
from bench.crowd import FIRST, PAGES, fill, somebody
from tests.conftest import PASSWORD, Browser

pytestmark = pytest.mark.slow

SMALL, LARGE = 10_000, 100_000
BEHIND = 1_000_000  # every number of the small house
ADA = "ada@example.com"
Statement = tuple[str, Any]


@contextmanager
def statements(app: Flask) -> Iterator[list[Statement]]:
    """Collect what requests say to the database meanwhile."""
    said: list[Statement] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if has_request_context():
            said.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield said
    event.remove(engine, "before_cursor_execute", note)


def faults_in_plan(app: Flask, statement: str, parameters: Any) -> Iterator[str]:
    """Yield where the database would read a whole table, or sort what it has read."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            question = f"EXPLAIN (FORMAT JSON) {statement}"
            plan = connection.exec_driver_sql(question, parameters).scalar_one()
            yield from slow_nodes(plan[0]["Plan"])
            return
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        for row in rows:
            # In the order of its rows it stops when the page is full.
            newest = row.detail == "SCAN user" and "ORDER BY user.id DESC" in statement
            whole = re.search(r"^SCAN (?!\S+ USING (COVERING )?INDEX)|TEMP B-TREE", row.detail)
            if whole and not newest:
                yield row.detail


def slow_nodes(node: dict[str, Any]) -> Iterator[str]:
    """Yield the nodes of a plan that grow with a table."""
    of = node.get("Relation Name", "")
    # A handful of roles is read at once, and what one person has is put in order.
    is_small = of in ("role", "role_permission", "role_grant") or node["Plan Rows"] <= 20
    if node["Node Type"] in ("Seq Scan", "Sort", "Incremental Sort") and not is_small:
        yield f"{node['Node Type']} {of}"
    for child in node.get("Plans", ()):
        yield from slow_nodes(child)


def ask_for_all(app: Flask, browser: Browser, email: str) -> dict[str, list[Statement]]:
    """Ask for every page, and return what each said to the database."""
    with app.app_context():
        public_id = str(UUID(accounts.get_user(email).public_id))
    browser.get("/admin")  # when the session was last used is written once a minute
    found = {}
    for name, page in PAGES.items():
        with statements(app) as said:
            answer = browser.get(page(email, public_id))
        assert answer.status_code == 200, name
        assert "person" in answer.text, name
        found[name] = said
    return found


def make_administrator(app: Flask) -> Browser:
    with app.app_context():
        user = accounts.create(email=ADA, name="Ada", password=PASSWORD, confirmed=True)
        roles.grant(user, "admin")
        db.session.commit()
    browser = Browser(app)
    assert browser.sign_in(ADA).status_code == 303
    return browser


def test_a_house_ten_times_as_large_asks_as_often_and_along_an_index(served: Flask) -> None:
    ada, counts = make_administrator(served), []
    for users, first in ((SMALL, FIRST), (LARGE, BEHIND)):
        with served.app_context():
            fill(users, first)
        said = ask_for_all(served, ada, somebody(users, first))
        slow = [
            (name, fault, statement)
            for name, questions in said.items()
            for statement, parameters in questions
            if statement.startswith("SELECT")
            for fault in faults_in_plan(served, statement, parameters)
        ]
        assert slow == []
        counts.append({name: len(questions) for name, questions in said.items()})
    assert counts[0] == counts[1]
