# file of feature: login
"""Whoever comes in, no statement reads a whole table: with many accounts it stays as quick."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, has_request_context
from sqlalchemy import event, text

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import (
    PASSWORD,
    Browser,
    Mailbox,  # feature: passwords
    Program,  # feature: api
)

EMAIL = "ada@example.com"
Statement = tuple[str, Any]
# The last one changes the password.
WAYS: dict[str, Callable[[Flask], object]] = {
    "register": lambda app: Browser(app).register("grace@example.com"),
    "sign in": lambda app: Browser(app).sign_in(EMAIL),
    "fail to sign in": lambda app: Browser(app).sign_in(EMAIL, "wrong-wrong-wrong"),
    "open a page": lambda app: _signed_in(app).get("/"),
    "prove presence": lambda app: _signed_in(app).submit("/reauthenticate", password=PASSWORD),
    "sign out": lambda app: _signed_in(app).sign_out(),
    # feature: api
    "get a token": lambda app: Program(app).sign_in(EMAIL),
    "use a token": lambda app: _program(app).get("/me"),
    "refresh a token": lambda app: _program(app).refresh(),
    # endfeature
    # feature: security_log
    "read the log": lambda app: _signed_in(app).get("/account/security-log"),
    "say: this was not me": lambda app: _disown(_signed_in(app)),
    # endfeature
    # feature: passwords
    "ask for a link": lambda app: Browser(app).submit("/password/forgot", email=EMAIL),
    "use a link": lambda app: _reset(Browser(app), Mailbox(app)),
    # endfeature
}


def _signed_in(app: Flask) -> Browser:
    browser = Browser(app)
    assert browser.sign_in(EMAIL).status_code == 303
    return browser


# feature: api
def _program(app: Flask) -> Program:
    program = Program(app)
    assert program.sign_in(EMAIL).status_code == 200
    return program


# endfeature
# feature: passwords
def _reset(browser: Browser, mailbox: Mailbox) -> None:
    browser.submit("/password/forgot", email=EMAIL)
    link = mailbox.last_link(EMAIL)
    assert browser.submit(link, password="copper-window-moss-ferry").status_code == 303


# endfeature
# feature: security_log
def _disown(browser: Browser) -> None:
    log = "/account/security-log"
    found = re.search(rf"{log}/[0-9a-f-]{{36}}/not-me", browser.get(log).text)
    assert found
    assert browser.submit(found[0], log).headers["Location"] == f"{log}/not-me"


# endfeature
@contextmanager
def _statements(app: Flask) -> Iterator[list[Statement]]:
    """Collect what is said to the database meanwhile."""
    said: list[Statement] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        # What the test itself looks up, outside a request, is no way in.
        if has_request_context() and statement.startswith(("SELECT", "UPDATE", "DELETE")):
            said.append((statement, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _scans(app: Flask, statement: str, parameters: Any) -> list[str]:
    """Return the lines of the plan that read a whole table."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # With a handful of rows it would scan whatever indexes there are.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            question = f"EXPLAIN (FORMAT JSON) {statement}"
            plan = connection.exec_driver_sql(question, parameters).scalar_one()
            return list(_whole_tables(plan[0]["Plan"]))
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row.detail for row in plan if re.match("SCAN (?!CONSTANT)", row.detail)]


def _whole_tables(node: dict[str, Any]) -> Iterator[str]:
    """Yield what PostgreSQL reads without a condition that an index answers."""
    kind, of = node["Node Type"], node.get("Relation Name", "")
    if kind == "Seq Scan" or (kind.startswith("Index") and "Index Cond" not in node):
        yield f"{kind} {of}"
    for child in node.get("Plans", ()):
        yield from _whole_tables(child)


def test_no_way_in_reads_a_whole_table(served: Flask) -> None:
    with served.app_context():
        accounts.create(email=EMAIL, name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    scanned = []
    for name, go in WAYS.items():
        with _statements(served) as said:
            go(served)
        assert said, f"{name} asked the database nothing"
        scanned += [
            (name, line, statement)
            for statement, parameters in said
            for line in _scans(served, statement, parameters)
        ]
    assert not scanned, scanned
