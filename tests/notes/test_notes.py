"""Notes as their owner uses them."""

import json
import re

import pytest
from flask import Flask

from app.accounts.models import User
from app.extensions import db
from app.notes.models import Note
from tests.conftest import PASSWORD, Browser
from tests.tables import Case


def write(browser: Browser, title: str, text: str = "") -> None:
    assert browser.submit("/notes/new", title=title, text=text).status_code == 303


def addresses(browser: Browser, query: str = "") -> list[str]:
    """Return the addresses of the notes on a page of the list, in their order."""
    page = browser.get(f"/notes{query}").text
    return re.findall(r'href="(/notes/[0-9a-f-]{36})"', page)


def titles(browser: Browser, query: str = "") -> list[str]:
    """Return the titles on a page of the list, in their order."""
    page = browser.get(f"/notes{query}").text
    return re.findall(r'href="/notes/[0-9a-f-]{36}">([^<]*)</a>', page)


def keep_draft(browser: Browser, title: str = "Half", text: str = "a thought") -> None:
    form = {"csrf_token": browser.token("/notes/new"), "title": title, "text": text}
    assert browser.post("/notes/draft", form).status_code == 204


def has_draft(browser: Browser) -> bool:
    """Tell whether the draft waits in the form of a new note."""
    page = browser.get("/notes/new").text
    return 'value="Half"' in page and "a thought" in page and "This is your draft." in page


def test_a_note_is_written_changed_and_deleted(signed_in: Browser) -> None:
    write(signed_in, "Bread", "Flour\r\nand water")
    assert "The note is saved." in signed_in.get("/notes").text
    (address,) = addresses(signed_in)
    assert ">\nFlour\nand water</textarea>" in signed_in.get(address).text
    changed = signed_in.submit(address, title="Cake", text="Sugar")
    assert changed.location == "/notes"
    assert titles(signed_in) == ["Cake"]
    assert "Delete this note?" in signed_in.get(f"{address}/delete").text
    assert signed_in.submit(f"{address}/delete").location == "/notes"
    assert titles(signed_in) == []
    assert "The note is deleted." not in signed_in.get("/notes").text  # it was said once


def test_the_menu_leads_to_the_notes_of_somebody_signed_in(signed_in: Browser) -> None:
    link = '<a href="/notes">Notes</a>'
    assert link in signed_in.get("/").text
    signed_in.sign_out()
    assert link not in signed_in.get("/").text


def test_the_last_changed_note_comes_first(signed_in: Browser) -> None:
    for title in ("one", "two", "three"):
        write(signed_in, title)
    assert titles(signed_in) == ["three", "two", "one"]
    signed_in.submit(addresses(signed_in)[2], title="one", text="more")
    assert titles(signed_in) == ["one", "three", "two"]


def test_a_long_list_has_pages(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        owner = db.session.scalars(db.select(User.id)).one()
        db.session.add_all(Note(user_id=owner, title=f"n{n}", text="") for n in range(45))
        db.session.commit()
    assert len(titles(signed_in)) == 20
    assert "Page 1 of 3" in signed_in.get("/notes").text
    assert len(titles(signed_in, "?page=3")) == 5
    assert len(set(titles(signed_in)) | set(titles(signed_in, "?page=2"))) == 40
    assert '<a rel="next" href="/notes?page=3&amp;search=n">' in (
        signed_in.get("/notes?page=2&search=n").text
    )


def test_a_page_that_is_not_there_is_one_that_is(signed_in: Browser, case: Case) -> None:
    write(signed_in, "Bread")
    for page in ("0", "-1", "x", "", "9" * 40, "1.5", "%00"):
        with case(page=page):
            assert titles(signed_in, f"?page={page}") == ["Bread"]


def test_a_search_finds_notes_that_hold_every_word(signed_in: Browser) -> None:
    write(signed_in, "Bread", "flour and water")
    write(signed_in, "Glue", "Flour and salt")
    assert titles(signed_in, "?search=FLOUR") == ["Glue", "Bread"]
    assert titles(signed_in, "?search=flour+bread") == ["Bread"]
    assert titles(signed_in, "?search=flour+%00+salt") == ["Glue"]
    assert titles(signed_in, "?search=yeast") == []
    assert "No note holds all of these words." in signed_in.get("/notes?search=yeast").text


@pytest.mark.parametrize("sign", ["%", "_", "\\", "'"])
def test_a_sign_of_the_database_is_searched_as_it_stands(signed_in: Browser, sign: str) -> None:
    write(signed_in, "plain")
    write(signed_in, f"a{sign}b")
    assert len(titles(signed_in, f"?search={sign.replace('%', '%25')}")) == 1


def test_what_cannot_be_saved_is_said_and_kept_in_the_form(signed_in: Browser) -> None:
    answer = signed_in.submit("/notes/new", title=" ", text="a long thought")
    assert answer.status_code == 422
    assert "Give the note a title." in answer.text
    assert "a long thought" in answer.text
    answer = signed_in.submit("/notes/new", title="t" * 121, text="x" * 10_001)
    assert "Use at most 120 characters." in answer.text
    assert "Use at most 10000 characters." in answer.text


def test_notes_are_part_of_what_a_person_can_have(app: Flask, signed_in: Browser) -> None:
    write(signed_in, "Bread", "flour")
    keep_draft(signed_in)
    told = app.test_cli_runner().invoke(args=["accounts", "export", "ada@example.com"])
    known = json.loads(told.output)
    assert [(note["title"], note["text"]) for note in known["notes"]] == [("Bread", "flour")]
    draft = {"title": "Half", "text": "a thought"}
    assert [session["data"] for session in known["login"]["sessions"]] == [{"notes.draft": draft}]


def test_notes_go_with_their_owner(app: Flask, signed_in: Browser) -> None:
    write(signed_in, "Bread")
    run = app.test_cli_runner()
    done = run.invoke(args=["accounts", "erase", "ada@example.com", "--yes"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert db.session.scalars(db.select(Note)).all() == []


def test_a_draft_waits_in_the_form_of_a_new_note(signed_in: Browser) -> None:
    keep_draft(signed_in)
    assert has_draft(signed_in)
    assert "Go on with your draft" in signed_in.get("/notes").text


def test_a_button_keeps_the_draft_without_javascript(signed_in: Browser) -> None:
    fields = {"title": "", "text": "a thought", "keep": "y"}
    answer = signed_in.submit("/notes/draft", form="/notes/new", **fields)
    assert answer.location == "/notes"
    assert "The draft is kept until you sign out." in signed_in.get("/notes").text
    assert "a thought" in signed_in.get("/notes/new").text


def test_saving_the_note_ends_the_draft(signed_in: Browser) -> None:
    keep_draft(signed_in)
    write(signed_in, "Whole", "a thought")
    assert not has_draft(signed_in)


def test_a_draft_can_be_thrown_away(signed_in: Browser) -> None:
    keep_draft(signed_in)
    assert signed_in.submit("/notes/draft/drop", form="/notes/new").location == "/notes"
    assert not has_draft(signed_in)


def test_a_draft_too_long_is_refused_and_loses_nothing(signed_in: Browser) -> None:
    form = {"csrf_token": signed_in.token("/notes/new"), "title": "Half", "text": "x" * 10_001}
    answer = signed_in.post("/notes/draft", form)
    assert answer.status_code == 422
    assert "x" * 10_001 in answer.text


def test_a_draft_survives_proof_of_presence(signed_in: Browser) -> None:
    keep_draft(signed_in)
    assert signed_in.submit("/reauthenticate", password=PASSWORD).status_code == 303
    assert has_draft(signed_in)
