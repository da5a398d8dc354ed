"""Notes as a program uses them, and what it must never get."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.accounts.models import User
from app.core import clock
from app.extensions import db
from app.notes.models import Note
from tests.conftest import PASSWORD, Browser, Clock, Program, without_chance
from tests.notes.test_notes import has_draft, keep_draft, titles
from tests.statements import listening
from tests.tables import Case

NOWHERE = f"/notes/{UUID(int=1)}"
BREAD = {"title": "Bread", "text": "flour"}


def write(program: Program, title: str = "Bread", text: str = "flour") -> str:
    """Write a note and return its address below /api/v1."""
    answer = program.post("/notes", {"title": title, "text": text})
    assert answer.status_code == 201, answer.text
    return f"/notes/{answer.json['id']}"


def listed(program: Program, query: str = "") -> list[str]:
    """Return the titles of a page."""
    return [note["title"] for note in program.get(f"/notes{query}").json["items"]]


def put(program: Program, path: str, body: Any) -> TestResponse:
    return program.call("PUT", path, body)


@pytest.fixture
def grace(app: Flask, new_program: Callable[..., Program]) -> Program:
    """A program of somebody else."""
    return program_of(app, "grace@example.com", new_program())


def program_of(app: Flask, email: str, program: Program) -> Program:
    with app.app_context():
        accounts.create(email=email, name="Somebody", password=PASSWORD, confirmed=True)
        db.session.commit()
    assert program.sign_in(email).status_code == 200
    return program


def test_a_note_is_written_read_changed_and_deleted(signed_in_program: Program) -> None:
    written = signed_in_program.post("/notes", BREAD)
    assert written.status_code == 201
    assert set(written.json) == {"id", "title", "text", "created_at", "changed_at"}
    path = written.headers["Location"].removeprefix("/api/v1")
    assert signed_in_program.get(path).json == written.json
    changed = put(signed_in_program, path, {"title": "Cake", "text": "sugar"})
    assert (changed.status_code, changed.json["text"]) == (200, "sugar")
    assert changed.json["changed_at"] > written.json["changed_at"]
    assert signed_in_program.call("DELETE", path).status_code == 204
    assert signed_in_program.get(path).status_code == 404
    assert listed(signed_in_program) == []


def test_a_page_and_a_program_see_the_same_notes(
    signed_in: Browser, signed_in_program: Program
) -> None:
    write(signed_in_program, "by a program")
    signed_in.submit("/notes/new", title="by a page", text="")
    assert listed(signed_in_program) == titles(signed_in) == ["by a page", "by a program"]


def test_the_list_leaves_the_texts_out(signed_in_program: Program) -> None:
    write(signed_in_program)
    assert set(signed_in_program.get("/notes").json["items"][0]) == {
        "id",
        "title",
        "created_at",
        "changed_at",
    }


def test_line_ends_are_kept_as_the_form_keeps_them(signed_in_program: Program) -> None:
    path = write(signed_in_program, text="a\r\nb\nc")
    assert signed_in_program.get(path).json["text"] == "a\nb\nc"


def test_the_draft_of_a_browser_is_not_the_draft_of_a_program(
    signed_in: Browser, signed_in_program: Program
) -> None:
    keep_draft(signed_in)
    assert signed_in_program.get("/notes/draft").json["code"] == "no_draft"
    assert put(signed_in_program, "/notes/draft", {"title": "", "text": "x"}).status_code == 204
    assert signed_in_program.get("/notes/draft").json == {"title": "", "text": "x"}
    assert has_draft(signed_in)
    signed_in_program.post("/notes", BREAD)
    assert signed_in_program.get("/notes/draft").status_code == 404
    assert has_draft(signed_in)


def test_a_draft_waits_for_the_next_sign_in_of_the_same_program(
    signed_in_program: Program, user: str, moving_clock: Clock
) -> None:
    put(signed_in_program, "/notes/draft", {"title": "Half", "text": ""})
    moving_clock.forward(days=31)
    signed_in_program.access_token = ""
    signed_in_program.sign_in(user)
    assert signed_in_program.get("/notes/draft").json["title"] == "Half"


# --- Pages ----------------------------------------------------------------------------------------


def fill(app: Flask) -> None:
    """Write 45 notes an hour ago, three in each moment."""
    with app.app_context():
        owner = db.session.scalars(db.select(User.id).order_by(User.id)).first()
        for n in range(45):
            at = clock.now().replace(microsecond=7) - timedelta(hours=1, seconds=n // 3)
            note = Note(user_id=owner, title=f"n{n}", text="", created_at=at, changed_at=at)
            db.session.add(note)
        db.session.commit()


def walk(program: Program, query: str = "limit=10") -> list[str]:
    """Turn all pages."""
    found: list[str] = []
    cursor = ""
    for _ in range(100):  # a cursor that goes nowhere must not turn pages for ever
        page = program.get(f"/notes?{query}{cursor}").json
        found += [note["title"] for note in page["items"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    pytest.fail("the pages have no end")


def test_walking_finds_each_note_once_on_each_database(served: Flask) -> None:
    program = program_of(served, "ada@example.com", Program(served))
    fill(served)
    in_order = listed(program, "?limit=100")
    assert len(set(in_order)) == 45
    for limit in (1, 10, 45):
        assert walk(program, f"limit={limit}") == in_order
    assert walk(program, "limit=5&search=N1") == [t for t in in_order if t.startswith("n1")]


def test_what_is_written_meanwhile_moves_nothing(app: Flask, signed_in_program: Program) -> None:
    fill(app)
    in_order = listed(signed_in_program, "?limit=100")
    page = signed_in_program.get("/notes?limit=10").json
    for n in range(12):
        write(signed_in_program, f"new {n}")
    signed_in_program.call("DELETE", f"/notes/{page['items'][-1]['id']}")
    behind = listed(signed_in_program, f"?limit=100&cursor={page['next_cursor']}")
    assert behind == in_order[10:]


def test_a_page_is_one_question_along_the_index(app: Flask, signed_in_program: Program) -> None:
    fill(app)
    cursor = signed_in_program.get("/notes?limit=10").json["next_cursor"]
    asked: list[tuple[str, Any]] = []
    with listening(app, lambda *call: asked.append((call[2], call[3]))):
        assert signed_in_program.get(f"/notes?limit=10&cursor={cursor}").status_code == 200
    (_, (statement, values)) = asked  # who is asking, and the list
    with app.app_context():
        assert "OFFSET ?" not in statement or values[-1] == 0
        named = {f"v{n}": value for n, value in enumerate(values)}
        for name in named:
            statement = statement.replace("?", f":{name}", 1)
        plan = [
            row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {statement}"), named)
        ]
    assert len(plan) == 1, plan  # no sorting
    assert "ix_note_user_id_changed_at" in plan[0]


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("path", ["/notes", "/notes/draft", NOWHERE])
def test_a_stranger_gets_nothing(program: Program, path: str) -> None:
    for method in ("GET", "PUT", "POST", "DELETE"):
        assert program.call(method, path, BREAD).status_code in (401, 405)
    assert program.get(path).json["code"] == "credentials_missing"


@pytest.mark.asvs("8.2.2")
def test_a_foreign_note_and_one_that_is_not_there_are_refused_alike(
    signed_in_program: Program, grace: Program
) -> None:
    path = write(signed_in_program)
    for method, body in (("GET", None), ("PUT", BREAD), ("DELETE", None)):
        foreign = grace.call(method, path, body)
        assert (foreign.status_code, foreign.json["code"]) == (404, "no_such_note")
        assert without_chance(foreign) == without_chance(grace.call(method, NOWHERE, body))
        assert foreign.data == grace.call(method, NOWHERE, body).data
    assert signed_in_program.get(path).json["title"] == "Bread"


@pytest.mark.asvs("8.2.2")
def test_a_foreign_note_is_refused_before_it_is_told_what_is_wrong_with_the_body(
    signed_in_program: Program, grace: Program
) -> None:
    path = write(signed_in_program)
    wrong = put(grace, path, {"title": ""})
    assert (wrong.status_code, wrong.data) == (422, put(grace, NOWHERE, {"title": ""}).data)


@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize("query", ["", "?search=flour", "?search=%25", "?limit=100"])
def test_the_notes_of_somebody_else_are_neither_listed_nor_found(
    signed_in_program: Program, grace: Program, query: str
) -> None:
    write(signed_in_program)
    assert listed(grace, query) == []


@pytest.mark.asvs("8.2.2")
def test_a_cursor_of_somebody_else_is_refused(
    app: Flask, signed_in_program: Program, grace: Program
) -> None:
    fill(app)
    cursor = signed_in_program.get("/notes").json["next_cursor"]
    answer = grace.get(f"/notes?cursor={cursor}")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"cursor"})


NO_IDS = [
    "1",
    "0",
    "-1",
    "%00",
    "'--",
    "1%20OR%201=1",
    "../me",
    "%2e%2e/me",
    "9" * 5000,
    "None",
    "{00000000-0000-0000-0000-000000000001}",
    "00000000000000000000000000000001",
]


def test_an_id_that_is_none_is_refused_as_an_address(
    signed_in_program: Program, case: Case
) -> None:
    for part in NO_IDS:
        with case(part=part):
            answer = signed_in_program.call("DELETE", f"/notes/{part}")
            assert answer.status_code in (404, 405)
            assert answer.mimetype == "application/problem+json"


NOT_TO_BE_CHOSEN = [
    {"user_id": 2},
    {"id": str(UUID(int=7))},
    {"public_id": str(UUID(int=7))},
    {"created_at": "2001-01-01T00:00:00Z"},
    {"changed_at": "2001-01-01T00:00:00Z"},
    {"owner": {"id": 2}},
    {"__class__": "Note"},
]


@pytest.mark.asvs("15.3.3")
def test_what_is_not_to_be_chosen_is_refused(
    signed_in_program: Program, grace: Program, case: Case
) -> None:
    path = write(signed_in_program)
    for more in NOT_TO_BE_CHOSEN:
        with case(more=more):
            before = signed_in_program.get(path).json
            for answer in (
                signed_in_program.post("/notes", {**BREAD, **more}),
                put(signed_in_program, path, {**BREAD, **more}),
                put(signed_in_program, "/notes/draft", {**BREAD, **more}),
            ):
                assert (answer.status_code, set(answer.json["errors"])) == (422, set(more))
            assert signed_in_program.get(path).json == before
            assert listed(grace) == []
            assert signed_in_program.get("/notes/draft").status_code == 404


@pytest.mark.asvs("2.2.1")
def test_a_value_of_another_kind_is_refused(signed_in_program: Program, case: Case) -> None:
    values = (None, 1, 1.5, True, [], ["x"], {}, {"$ne": ""})
    for field, value in product(("title", "text"), values):
        with case(field=field, value=value):
            sent, before = {**BREAD, field: value}, listed(signed_in_program)
            for answer in (
                signed_in_program.post("/notes", sent),
                put(signed_in_program, "/notes/draft", sent),
            ):
                assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
            assert listed(signed_in_program) == before


def test_a_body_that_is_no_note_is_refused(signed_in_program: Program, case: Case) -> None:
    path = write(signed_in_program)
    for body in ([], [BREAD], "Bread", 1, True, {}):
        with case(body=body):
            before = listed(signed_in_program)
            for answer in (
                signed_in_program.post("/notes", body),
                put(signed_in_program, path, body),
            ):
                assert answer.status_code == 422
            assert listed(signed_in_program) == before


@pytest.mark.parametrize("missing", ["title", "text"])
def test_half_a_note_is_refused(signed_in_program: Program, missing: str) -> None:
    """PUT replaces a whole: what is left out would be lost without a word."""
    path = write(signed_in_program)
    half = {name: value for name, value in BREAD.items() if name != missing}
    answer = put(signed_in_program, path, half)
    assert (answer.status_code, set(answer.json["errors"])) == (422, {missing})


@pytest.mark.parametrize("search", ["x" * 101, "a&search=b"])
def test_a_search_that_is_too_long_or_said_twice_is_refused(
    signed_in_program: Program, search: str
) -> None:
    answer = signed_in_program.get(f"/notes?search={search}")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"search"})


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_a_sign_of_the_database_finds_nothing_but_itself(
    signed_in_program: Program, sign: str
) -> None:
    write(signed_in_program, "plain")
    write(signed_in_program, f"a{sign}b")
    assert listed(signed_in_program, f"?search={sign.replace('%', '%25')}") == [f"a{sign}b"]


def test_a_text_that_cannot_be_stored_is_refused(served: Flask) -> None:
    program = program_of(served, "ada@example.com", Program(served))
    answer = program.post("/notes", {"title": "a\x00b", "text": ""})
    assert (answer.status_code, answer.json["code"]) == (400, "malformed_json")
    assert program.get("/notes?search=%00").json["items"] == []
    assert listed(program) == []
