"""What must never happen to an example thing."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import (
    PASSWORD,
    Browser,
    Program,  # feature: api
)
from tests.example_things.test_example_things import LIST, NEW, add, addresses, titles

NOWHERE = f"{LIST}/{UUID(int=1)}"


@pytest.fixture
def eve(app: Flask, new_browser: Callable[..., Browser]) -> Browser:
    """Somebody else, signed in."""
    with app.app_context():
        accounts.create(email="eve@example.com", name="Eve", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = new_browser()
    browser.sign_in("eve@example.com")
    return browser


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("path", [LIST, NEW, NOWHERE, f"{NOWHERE}/delete"])
def test_a_stranger_is_refused(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")


@pytest.mark.asvs("8.2.2")
def test_what_belongs_to_somebody_else_is_not_found(signed_in: Browser, eve: Browser) -> None:
    add(signed_in, "Private")
    (address,) = addresses(signed_in)
    refused = eve.get(address)
    assert (refused.status_code, refused.text) == (404, eve.get(NOWHERE).text)
    for path in (address, f"{address}/delete"):
        assert eve.get(path).status_code == 404
        assert eve.submit(path, form=NEW, title="Mine now").status_code == 404
    assert titles(signed_in) == ["Private"]
    assert titles(eve) == []


@pytest.mark.asvs("15.3.3")
def test_none_is_added_for_somebody_else(signed_in: Browser, eve: Browser) -> None:
    eve.submit(NEW, title="Planted", user_id="1", public_id=str(UUID(int=1)))
    assert titles(signed_in) == []
    assert titles(eve) == ["Planted"]


@pytest.mark.asvs("3.5.3")
def test_looking_deletes_nothing(signed_in: Browser) -> None:
    add(signed_in, "Private")
    (address,) = addresses(signed_in)
    assert signed_in.get(f"{address}/delete").status_code == 200
    assert titles(signed_in) == ["Private"]


@pytest.mark.asvs("3.2.2")
def test_text_that_acts_stays_text(signed_in: Browser) -> None:
    add(signed_in, "<script>alert(1)</script>")
    assert "<script>alert" not in signed_in.get(LIST).text
    assert "<script>alert" not in signed_in.get(addresses(signed_in)[0]).text


@pytest.mark.parametrize("path", ["/1", "/%00", "/../account", "/" + "9" * 5000, "/'--"])
def test_an_address_that_names_none_is_not_found(signed_in: Browser, path: str) -> None:
    assert signed_in.get(f"{LIST}{path}").status_code == 404


# feature: api
@pytest.mark.asvs("15.3.3")
def test_a_program_that_names_another_owner_is_refused(signed_in_program: Program) -> None:
    sent = {"title": "Planted", "user_id": 2}
    assert signed_in_program.post(LIST, sent).status_code == 422


@pytest.mark.asvs("2.2.1")
def test_a_cursor_that_was_made_up_is_refused(signed_in_program: Program) -> None:
    assert signed_in_program.get(f"{LIST}?cursor=AAAA").status_code == 422


# endfeature
