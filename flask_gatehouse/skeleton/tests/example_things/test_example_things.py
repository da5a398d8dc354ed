"""Example things as their owner uses them."""

import json
import re

import pytest
from flask import Flask

from app.accounts.models import User
from app.example_things.models import LONGEST_TITLE, ExampleThing
from app.extensions import db
from tests.conftest import Browser

LIST, NEW = "/example-things", "/example-things/new"


def add(browser: Browser, title: str) -> None:
    assert browser.submit(NEW, title=title).status_code == 303


def addresses(browser: Browser, query: str = "") -> list[str]:
    """Return the addresses on a page of the list, in their order."""
    return re.findall(rf'href="({LIST}/[0-9a-f-]{{36}})"', browser.get(f"{LIST}{query}").text)


def titles(browser: Browser, query: str = "") -> list[str]:
    """Return the titles on a page of the list, in their order."""
    page = browser.get(f"{LIST}{query}").text
    return re.findall(rf'href="{LIST}/[0-9a-f-]{{36}}">([^<]*)</a>', page)


def test_one_is_added_changed_and_deleted(signed_in: Browser) -> None:
    add(signed_in, " First ")
    assert "It is saved." in signed_in.get(LIST).text
    (address,) = addresses(signed_in)
    assert 'value="First"' in signed_in.get(address).text
    assert signed_in.submit(address, title="Second").location == LIST
    assert titles(signed_in) == ["Second"]
    assert "Delete this?" in signed_in.get(f"{address}/delete").text
    assert signed_in.submit(f"{address}/delete").location == LIST
    assert titles(signed_in) == []


def test_the_menu_leads_to_the_list_of_somebody_signed_in(signed_in: Browser) -> None:
    link = f'<a href="{LIST}">Example things</a>'
    assert link in signed_in.get("/").text
    signed_in.sign_out()
    assert link not in signed_in.get("/").text


def test_a_long_list_has_pages(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        owner = db.session.scalars(db.select(User.id)).one()
        db.session.add_all(ExampleThing(user_id=owner, title=f"n{n}") for n in range(45))
        db.session.commit()
    assert titles(signed_in)[:2] == ["n44", "n43"]
    assert "Page 1 of 3" in signed_in.get(LIST).text
    assert len(titles(signed_in, "?page=3")) == 5
    assert len(set(titles(signed_in)) | set(titles(signed_in, "?page=2"))) == 40


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 40, "%00"])
def test_a_page_that_is_not_there_is_one_that_is(signed_in: Browser, page: str) -> None:
    add(signed_in, "First")
    assert titles(signed_in, f"?page={page}") == ["First"]


def test_what_cannot_be_saved_is_said_and_kept_in_the_form(signed_in: Browser) -> None:
    answer = signed_in.submit(NEW, title=" ")
    assert (answer.status_code, "Give it a title." in answer.text) == (422, True)
    too_long = "t" * (LONGEST_TITLE + 1)
    answer = signed_in.submit(NEW, title=too_long)
    assert "Use at most 120 characters." in answer.text
    assert too_long in answer.text


def test_they_are_part_of_what_a_person_can_have(app: Flask, signed_in: Browser) -> None:
    add(signed_in, "First")
    told = app.test_cli_runner().invoke(args=["accounts", "export", "ada@example.com"])
    known = json.loads(told.output)["example_things"]
    assert [one["title"] for one in known] == ["First"]


def test_they_go_with_their_owner(app: Flask, signed_in: Browser) -> None:
    add(signed_in, "First")
    done = app.test_cli_runner().invoke(args=["accounts", "erase", "ada@example.com", "--yes"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert db.session.scalars(db.select(ExampleThing)).all() == []
