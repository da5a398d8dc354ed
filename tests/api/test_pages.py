"""Lists in pages: how one walks through them, and which cursors are refused."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields

from app.accounts import service as accounts
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.pages import MOST, USUAL, Key, PageQuerySchema, page_of, read_page
from app.core.access import signed_in
from app.extensions import db
from tests.conftest import PASSWORD, Program
from tests.tables import Case

START = datetime(2031, 5, 4, 3, 2, 1, 987654, UTC)


class LineSchema(Schema):
    """A line of a list."""

    number = fields.Integer()


@pytest.fixture
def lines(app: Flask) -> list[int]:
    """What two lists of the API hold, the highest first; pairs have the same moment."""
    held = list(range(45))
    blueprint = ApiBlueprint("api", __name__, "/lines", "Lists.")
    blueprint.name = "lines_api"
    signed_in(blueprint)

    def find(after: Key | None, limit: int) -> list[dict[str, int]]:
        behind = [n for n in sorted(held, reverse=True) if after is None or key_of(n) < after]
        return [{"number": n} for n in behind[:limit]]

    def show(which: str) -> None:
        @blueprint.get(f"/{which}", endpoint=which)
        @blueprint.arguments(PageQuerySchema, location="query")
        @blueprint.response(200, page_of(LineSchema, f"{which}PageSchema"))
        def page(sent: dict[str, Any]) -> dict[str, Any]:
            return read_page(which, sent, find, lambda line: key_of(line["number"]))

    show("left")
    show("right")
    add_to_api(app, blueprint)
    return held


def key_of(number: int) -> Key:
    return START + timedelta(microseconds=number // 2), number


def walk(program: Program, limit: int) -> list[list[int]]:
    """Turn all pages of a list."""
    pages: list[list[int]] = []
    cursor = ""
    while len(pages) < 50:
        answer = program.get(f"/lines/left?limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        pages.append([line["number"] for line in answer.json["items"]])
        if answer.json["next_cursor"] is None:
            break
        cursor = f"&cursor={answer.json['next_cursor']}"
    return pages


def first_cursor(program: Program, which: str = "left") -> str:
    return str(program.get(f"/lines/{which}").json["next_cursor"])


def test_walking_finds_each_once_and_in_order(
    lines: list[int], signed_in_program: Program, case: Case
) -> None:
    for limit in (1, 7, 44, 45, 46, MOST):
        with case(limit=limit):
            pages = walk(signed_in_program, limit)
            assert [number for page in pages for number in page] == sorted(lines, reverse=True)
            assert {len(page) for page in pages[:-1]} <= {limit}
            assert pages[-1]


def test_an_empty_list_is_one_empty_page(lines: list[int], signed_in_program: Program) -> None:
    lines.clear()
    assert signed_in_program.get("/lines/left").json == {"items": [], "next_cursor": None}


def test_without_a_wish_a_page_has_the_usual_length(
    lines: list[int], signed_in_program: Program
) -> None:
    assert len(signed_in_program.get("/lines/left").json["items"]) == USUAL


def test_what_comes_and_goes_meanwhile_moves_nothing(
    lines: list[int], signed_in_program: Program
) -> None:
    cursor = first_cursor(signed_in_program)
    lines.extend(range(100, 120))
    lines.remove(25)  # where the page ended
    answer = signed_in_program.get(f"/lines/left?cursor={cursor}")
    assert [line["number"] for line in answer.json["items"]] == list(range(24, 4, -1))


# --- Refusals -------------------------------------------------------------------------------------


def refused(program: Program, query: str) -> dict[str, list[str]]:
    """Return what is wrong with a query, by field."""
    answer = program.get(f"/lines/left?{query}")
    assert (answer.status_code, answer.json["code"]) == (422, "validation_failed"), answer.text
    errors: dict[str, list[str]] = answer.json["errors"]
    return errors


NO_CURSORS = [
    "",
    "1",
    "x" * 40,
    "x" * 256,
    "x" * 5000,
    "%00",
    "%ff",
    "%F0%9F%8D%9E",
    "../../etc/passwd",
    "'%20OR%201=1--",
    "null",
    base64.urlsafe_b64encode(b'["2031-05-04T03:02:01+00:00", 25]').decode(),
    base64.urlsafe_b64encode(b"0" * 12).decode(),
]


@pytest.mark.asvs("2.2.1")
def test_a_cursor_that_is_none_of_ours_is_refused(
    lines: list[int], signed_in_program: Program, case: Case
) -> None:
    for cursor in NO_CURSORS:
        with case(cursor=cursor):
            assert set(refused(signed_in_program, f"cursor={cursor}")) == {"cursor"}


@pytest.mark.asvs("8.2.2")
def test_a_cursor_with_one_other_character_is_refused(
    lines: list[int], signed_in_program: Program
) -> None:
    cursor = first_cursor(signed_in_program)
    for place in range(0, len(cursor) - 1, 7):
        other = "A" if cursor[place] != "A" else "B"
        changed = f"{cursor[:place]}{other}{cursor[place + 1 :]}"
        assert set(refused(signed_in_program, f"cursor={changed}")) == {"cursor"}
    assert set(refused(signed_in_program, f"cursor={cursor[:-4]}")) == {"cursor"}


def test_a_cursor_of_another_list_is_refused(lines: list[int], signed_in_program: Program) -> None:
    cursor = first_cursor(signed_in_program, "right")
    assert signed_in_program.get(f"/lines/right?cursor={cursor}").status_code == 200
    assert set(refused(signed_in_program, f"cursor={cursor}")) == {"cursor"}


@pytest.mark.asvs("8.2.2")
def test_a_cursor_of_another_person_is_refused(
    app: Flask,
    lines: list[int],
    signed_in_program: Program,
    new_program: Callable[..., Program],
) -> None:
    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    grace = new_program()
    grace.sign_in("grace@example.com")
    cursor = first_cursor(signed_in_program)
    assert set(refused(grace, f"cursor={cursor}")) == {"cursor"}


@pytest.mark.asvs("14.2.6")
def test_a_cursor_does_not_tell_what_is_in_it(lines: list[int], signed_in_program: Program) -> None:
    cursor = first_cursor(signed_in_program)
    held = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert b"2031" not in held
    assert cursor != first_cursor(signed_in_program)


NO_LENGTHS = ["0", "-1", "101", "", "x", "1.5", "1e2", "9" * 5000, "%00", "true", "[]", "1;2"]


@pytest.mark.asvs("2.2.1")
def test_a_length_out_of_bounds_is_refused(
    lines: list[int], signed_in_program: Program, case: Case
) -> None:
    for limit in NO_LENGTHS:
        with case(limit=limit):
            assert set(refused(signed_in_program, f"limit={limit}")) == {"limit"}


@pytest.mark.asvs("15.3.7")
def test_what_is_said_twice_or_unknown_is_refused(
    lines: list[int], signed_in_program: Program
) -> None:
    assert set(refused(signed_in_program, "limit=1&limit=2")) == {"limit"}
    assert set(refused(signed_in_program, "page=2")) == {"page"}
    assert set(refused(signed_in_program, "offset=2&user_id=1")) == {"offset", "user_id"}
