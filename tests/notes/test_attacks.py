"""What must never happen to a note."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock
from tests.notes.test_notes import addresses, has_draft, keep_draft, titles, write
from tests.tables import Case

NOWHERE = "/notes/00000000-0000-0000-0000-000000000001"


@pytest.fixture
def grace(app: Flask, new_browser: Callable[..., Browser]) -> Browser:
    """Somebody else, signed in at her own browser."""
    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = new_browser()
    browser.sign_in("grace@example.com")
    return browser


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("path", ["/notes", "/notes/new", NOWHERE])
def test_a_stranger_is_sent_to_sign_in(browser: Browser, path: str) -> None:
    answer = browser.get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")


@pytest.mark.asvs("8.2.2")
def test_another_persons_note_is_not_found(signed_in: Browser, grace: Browser) -> None:
    write(signed_in, "Bread", "secret")
    (address,) = addresses(signed_in)
    refused = grace.get(address)
    assert (refused.status_code, refused.text) == (404, grace.get(NOWHERE).text)
    assert grace.get(f"{address}/delete").status_code == 404
    for path in (address, f"{address}/delete"):
        answer = grace.submit(path, form="/notes/new", title="Mine", text="now")
        assert answer.status_code == 404
    assert titles(signed_in) == ["Bread"]


@pytest.mark.asvs("8.2.2")
def test_another_persons_notes_are_neither_listed_nor_found(
    signed_in: Browser, grace: Browser
) -> None:
    write(signed_in, "Bread", "secret")
    for query in ("", "?search=secret", "?search=%25", "?page=1"):
        assert titles(grace, query) == []


@pytest.mark.asvs("15.3.3")
def test_a_note_cannot_be_written_for_somebody_else(signed_in: Browser, grace: Browser) -> None:
    more = {"user_id": "1", "public_id": "00000000-0000-0000-0000-000000000001"}
    grace.submit("/notes/new", title="Planted", text="", **more)
    assert titles(signed_in) == []
    assert titles(grace) == ["Planted"]


@pytest.mark.asvs("3.5.3")
def test_looking_deletes_nothing(signed_in: Browser) -> None:
    write(signed_in, "Bread")
    (address,) = addresses(signed_in)
    assert signed_in.get(f"{address}/delete").status_code == 200
    assert titles(signed_in) == ["Bread"]


@pytest.mark.asvs("3.2.2")
def test_text_that_acts_stays_text(signed_in: Browser) -> None:
    trick = "</textarea><script>alert(1)</script>"
    write(signed_in, trick, trick)
    assert "<script>alert" not in signed_in.get("/notes").text
    assert "<script>alert" not in signed_in.get(addresses(signed_in)[0]).text


NO_NOTES = ["/notes/1", "/notes/%00", "/notes/../account", "/notes/" + "9" * 5000, "/notes/'--"]


def test_an_address_that_is_no_note_is_not_found(signed_in: Browser, case: Case) -> None:
    for path in NO_NOTES:
        with case(path=path):
            assert signed_in.get(path).status_code == 404


class TestADraftIsSeenBy:
    """The same person after a sign-in in the same browser, and nobody else."""

    @pytest.fixture(autouse=True)
    def _keep(self, signed_in: Browser) -> None:
        keep_draft(signed_in)

    def test_the_next_sign_in_here(
        self, signed_in: Browser, user: str, moving_clock: Clock
    ) -> None:
        moving_clock.forward(hours=3)
        assert not signed_in.is_signed_in()
        signed_in.sign_in(user)
        assert has_draft(signed_in)
        # It has moved: the row it came from holds nothing any more.
        moving_clock.forward(hours=3)
        signed_in.sign_in(user)
        assert has_draft(signed_in)

    def test_a_sign_in_over_an_open_session(self, signed_in: Browser, user: str) -> None:
        token = signed_in.token("/notes/new")
        fields = {"csrf_token": token, "email": user, "password": PASSWORD}
        assert signed_in.post("/login", fields).status_code == 303
        assert has_draft(signed_in)

    @pytest.mark.asvs("14.3.1")
    def test_nobody_after_sign_out(self, signed_in: Browser, user: str) -> None:
        signed_in.sign_out()
        signed_in.sign_in(user)
        assert not has_draft(signed_in)

    def test_no_other_person_in_the_same_browser(
        self, signed_in: Browser, grace: Browser, moving_clock: Clock
    ) -> None:
        moving_clock.forward(hours=3)
        signed_in.sign_in("grace@example.com")
        assert signed_in.get("/notes").status_code == 200
        assert not has_draft(signed_in)

    def test_nobody_in_another_browser(
        self, user: str, new_browser: Callable[..., Browser], moving_clock: Clock
    ) -> None:
        moving_clock.forward(hours=3)
        other = new_browser()
        other.sign_in(user)
        assert other.get("/notes").status_code == 200
        assert not has_draft(other)

    def test_nobody_after_the_session_was_ended_from_elsewhere(
        self, app: Flask, signed_in: Browser, user: str
    ) -> None:
        run = app.test_cli_runner()
        for command in ("deactivate", "activate"):
            assert run.invoke(args=["accounts", command, user]).exit_code == 0
        signed_in.sign_in(user)
        assert not has_draft(signed_in)
