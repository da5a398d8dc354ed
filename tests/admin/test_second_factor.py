"""A second factor that is lost, taken away by the administration."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.admin.conftest import ADA, give, make
from tests.admin.test_users import act, page_of
from tests.admin.test_users_attacks import EVE
from tests.conftest import Browser, Mailbox
from tests.second_factor.word import give_word, word_of

TAKE = "factors/word/take-away"


@pytest.fixture
def eve(app: Flask) -> str:
    """The page of Eve, who has lost her factor."""
    make(app, EVE)
    give_word(app, EVE)
    return page_of(app, EVE)


def has_word(app: Flask) -> bool:
    return bool(word_of(app).used)


@pytest.mark.asvs("6.4.4")
def test_a_lost_factor_is_taken_away_for_a_reason_and_its_owner_is_told(
    app: Flask,
    administrator: Browser,
    new_browser: Callable[..., Browser],
    mailbox: Mailbox,
    eve: str,
) -> None:
    hers = new_browser()
    assert hers.sign_in(EVE).headers["Location"] == "/login/second-factor"
    assert "Word" in administrator.get(eve).text
    assert act(administrator, eve, TAKE, reason="stolen") == 303
    assert not has_word(app)
    _, subject, text = mailbox.mails(EVE)[-1]
    assert subject == "Word removed from your account at Example House"
    assert "because it was stolen" in text
    assert "it was stolen" in administrator.get(f"/admin/security-log?account={EVE}").text
    assert "Second factor removed" in administrator.get(eve).text
    hers.get("/login/second-factor")
    assert not hers.is_signed_in()
    assert hers.sign_in(EVE).headers["Location"] == "/"


def test_a_factor_is_refused_to_be_taken_away_without_a_reason(
    app: Flask, administrator: Browser, eve: str
) -> None:
    for reason in ("", "because", "<b>lost</b>"):
        assert act(administrator, eve, TAKE, reason=reason) == 422
    assert has_word(app)


def test_a_factor_that_is_not_there_is_refused(
    app: Flask, administrator: Browser, eve: str
) -> None:
    assert act(administrator, eve, "factors/nothing/take-away", reason="lost") == 404


@pytest.mark.asvs("8.3.1")
def test_an_administrator_is_refused_to_take_their_own_factor_away(
    app: Flask, administrator: Browser
) -> None:
    give_word(app, ADA)
    token = {"csrf_token": administrator.token("/reauthenticate"), "reason": "lost"}
    assert administrator.post(f"{page_of(app, ADA)}/{TAKE}", token).status_code == 403
    assert has_word(app)


@pytest.mark.asvs("8.2.1")
def test_whoever_may_not_is_refused_to_take_a_factor_away(
    app: Flask, helper: Callable[..., Browser], eve: str
) -> None:
    looks = helper("users:read")
    token = {"csrf_token": looks.token("/reauthenticate"), "reason": "lost"}
    assert looks.post(f"{eve}/{TAKE}", token).status_code == 403
    assert has_word(app)


@pytest.mark.asvs("8.3.1")
def test_a_factor_of_a_higher_account_is_refused(
    app: Flask, helper: Callable[..., Browser], eve: str
) -> None:
    give(app, EVE, "keeper", "roles:write")
    lower = helper("users:read", "users:write")
    token = {"csrf_token": lower.token("/reauthenticate"), "reason": "lost"}
    assert lower.post(f"{eve}/{TAKE}", token).status_code == 403
    assert has_word(app)
