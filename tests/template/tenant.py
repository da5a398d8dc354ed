"""Run in a project under test: somebody moves in, or comes home after the house has grown.

What the tables held and the cookie are kept in a file beside the project between the two.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from flask_migrate import check, upgrade
from sqlalchemy import MetaData, select

from app import create_app
from app.extensions import db
from tests.conftest import PASSWORD, SETTINGS, Browser, Mailbox

ADA, EVE = "ada@example.com", "eve@example.com"


def move_in(app: Flask) -> str:
    """Register, confirm, sell a chair; somebody else begins and does not come back.

    Returns:
        the cookie of the sign-in.
    """
    browser, stranger = Browser(app), Browser(app, "203.0.113.7")
    browser.register(ADA)
    browser.submit(Mailbox(app).last_link(ADA), password=PASSWORD)
    assert browser.is_signed_in()
    assert Browser(app, "198.51.100.4").sign_in(ADA).status_code == 303
    stranger.register(EVE)
    stranger.sign_in(ADA, "wrong-wrong-wrong")
    with app.app_context():
        from app.shop.models import Product  # the owner's own, of no other project

        db.session.add_all([Product(name="A chair", user_id=1), Product(name="A läd'chen")])
        db.session.commit()
    return browser.cookie()


def come_home(app: Flask, cookie: str) -> None:
    """Still be signed in, sign in again with the old password, and use what is new."""
    browser = Browser(app)
    browser.put_cookie(cookie)
    assert browser.is_signed_in(), "the sign-in did not outlive the upgrade"
    again = Browser(app)
    assert again.sign_in(ADA).status_code == 303, "the password is not what it was"
    assert "A chair" in again.get("/shop").text
    answer = again.submit("/notes/new", title="Home", text="The house has grown.")
    assert answer.status_code == 303, answer.text
    assert "Home" in again.get("/notes").text
    for page in ("/account", "/account/second-factor"):
        assert again.get(page).status_code == 200, page


def rows() -> Iterator[tuple[str, dict[str, str]]]:
    """Return every row there is, with the name of its table."""
    found = MetaData()
    found.reflect(db.engine)
    for table in found.sorted_tables:
        if table.name != "alembic_version":
            for row in db.session.execute(select(table)):
                yield table.name, {name: str(value) for name, value in row._mapping.items()}


def lost(before: list[tuple[str, dict[str, str]]]) -> list[tuple[str, dict[str, str]]]:
    """Return the rows that are not what they were, in the columns that they had."""
    now = list(rows())
    return [
        (table, row)
        for table, row in before
        if not any(table == other and row.items() <= held.items() for other, held in now)
    ]


what, url, kept = sys.argv[1], sys.argv[2], Path(sys.argv[3])
application = create_app({**SETTINGS, "DATABASE_URL": url})
with application.app_context():
    upgrade()
    check()
if what == "move in":
    session = move_in(application)
    with application.app_context():
        kept.write_text(json.dumps({"cookie": session, "rows": list(rows())}), "utf-8")
else:
    was = json.loads(kept.read_text("utf-8"))
    assert len({table for table, _ in was["rows"]}) > 4, "nobody has lived here"
    with application.app_context():
        gone = lost(was["rows"])
    assert not gone, f"These are lost: {gone}"
    come_home(application, was["cookie"])
