"""A way in by a mailed code, and the attacks on it."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import (
    PASSWORD,
    Browser,
    Clock,
    Mailbox,
    Program,  # feature: api
    without_chance,
)
from tests.one_time_codes.conftest import SIX_DIGITS, another, give_channel, mailed_codes
from tests.passwords.conftest import counted
from tests.second_factor.word import give_word

ADA = "ada@example.com"
BEGIN, TYPE = "/login/code", "/login/code/type"
Another = Callable[..., Browser]


@pytest.fixture
def switched_on(app: Flask, user: str) -> str:
    """The site lets people in by a mailed code."""
    app.config["MAILED_CODE_SIGN_IN"] = 1
    return user


def ask(browser: Browser, email: str = ADA, **more: str) -> None:
    """Have a code mailed."""
    answer = browser.submit(f"{BEGIN}?next={more.get('next', '/')}", form=BEGIN, email=email)
    assert answer.headers["Location"] == TYPE


def test_it_is_off_unless_the_site_wants_it(app: Flask, user: str, browser: Browser) -> None:
    for path in (BEGIN, TYPE):
        assert browser.get(path).status_code == 404
        assert browser.submit(path, form="/login", email=user, code="123456").status_code == 404
    assert BEGIN not in browser.get("/login").text
    assert mailed_codes(app, user) == []


def test_a_mailed_code_opens(app: Flask, switched_on: str, browser: Browser) -> None:
    assert BEGIN in browser.get("/login").text
    ask(browser, next="/account")
    [code] = mailed_codes(app, ADA)
    assert browser.submit(TYPE, code=another(code)).status_code == 422
    assert browser.submit(TYPE, code=code).headers["Location"] == "/account"
    assert browser.is_signed_in()


@pytest.mark.asvs("6.3.4")
def test_a_mailed_code_alone_is_refused_where_there_is_a_second_factor(
    app: Flask, switched_on: str, browser: Browser
) -> None:
    word = give_word(app, ADA)
    ask(browser)
    answer = browser.submit(TYPE, code=mailed_codes(app, ADA)[0])
    assert answer.headers["Location"] == "/login/second-factor"
    assert not browser.is_signed_in()
    browser.submit("/login/second-factor/word", code=word)
    assert browser.is_signed_in()


def test_one_inbox_is_refused_as_both_factors(
    app: Flask, switched_on: str, browser: Browser
) -> None:
    """Who gets codes by mail as a second factor comes in by the password."""
    give_channel(app, ADA)
    ask(browser)
    assert mailed_codes(app, ADA) == []


@pytest.mark.asvs("6.3.8")
def test_whether_an_address_has_an_account_is_not_told(
    app: Flask, switched_on: str, new_browser: Another
) -> None:
    known, unknown = new_browser(), new_browser()
    ask(known)
    ask(unknown, "nobody@example.com")
    pages = [without_chance(browser.get(TYPE)) for browser in (known, unknown)]
    texts = [text.replace(ADA, "").replace("nobody@example.com", "") for _, text, _ in pages]
    assert texts[0] == texts[1]
    wrong = [browser.submit(TYPE, code="000000").status_code for browser in (known, unknown)]
    assert wrong == [422, 422]


@pytest.mark.asvs("6.3.8")
def test_the_work_does_not_tell_who_has_an_account(
    app: Flask, switched_on: str, new_browser: Another, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = ["switched-off@example.com", "two-factors@example.com"]
    with app.app_context():
        for email in others:
            accounts.create(email=email, name="Eve", password=PASSWORD, confirmed=True)
        accounts.deactivate(accounts.get_user(others[0]))
        db.session.commit()
    give_channel(app, others[1])
    works, guesses = [], []
    for email in [ADA, "nobody@example.com", *others]:
        browser = new_browser()
        form = {"csrf_token": browser.token(BEGIN), "email": email}
        with counted(app, monkeypatch) as work:
            browser.post(BEGIN, form)
        works.append(work)
        [(_, subject, text)] = Mailbox(app).mails(email)
        assert subject.startswith("Your code" if email == ADA else "No code")
        assert bool(SIX_DIGITS.findall(text)) == (email == ADA)
        codes = mailed_codes(app, email)
        form = {"csrf_token": browser.token(TYPE), "code": another(codes[0] if codes else "0")}
        with counted(app, monkeypatch) as work:
            browser.post(TYPE, form)
        guesses.append(work)
    assert works == [works[0]] * 4
    assert works[0]["INSERT"] >= 2  # it is counted at all
    assert guesses == [guesses[0]] * 4


def test_who_wears_the_budget_out_is_refused_and_the_owner_is_not(
    app: Flask, switched_on: str, new_browser: Another
) -> None:
    owner = new_browser()
    owner.sign_in(ADA)
    owner.sign_out()
    for n in range(5):
        stranger = new_browser(f"203.0.113.{n}")
        ask(stranger)
        wrong = another(mailed_codes(app, ADA)[-1])
        assert stranger.submit(TYPE, code=wrong).status_code == 422
    assert stranger.submit(TYPE, code=wrong).status_code == 429
    assert new_browser("203.0.113.9").submit(BEGIN, email=ADA).status_code == 429
    ask(owner)
    owner.submit(TYPE, code=mailed_codes(app, ADA)[-1])
    assert owner.is_signed_in()


def test_a_code_is_refused_in_another_browser(
    app: Flask, switched_on: str, new_browser: Another
) -> None:
    """Somebody who makes you read a code to them has begun the sign-in themselves: not here."""
    owner, other = new_browser(), new_browser()
    ask(owner)
    ask(other, "nobody@example.com")
    [code] = mailed_codes(app, ADA)
    assert other.submit(TYPE, code=code).status_code == 422
    assert not other.is_signed_in()
    stolen = new_browser()
    stolen.put_cookie(owner.cookie())
    assert stolen.submit(TYPE, form="/register", code=code).headers["Location"] == "/login"
    assert not stolen.is_signed_in()


def test_a_code_that_was_used_or_is_too_old_is_refused(
    app: Flask, switched_on: str, new_browser: Another, moving_clock: Clock
) -> None:
    browser = new_browser()
    ask(browser)
    before = browser.cookie()
    [code] = mailed_codes(app, ADA)
    browser.submit(TYPE, code=code)
    browser.sign_out()
    browser.put_cookie(before)
    assert browser.submit(TYPE, form="/register", code=code).headers["Location"] == "/login"
    late = new_browser()
    ask(late)
    moving_clock.forward(minutes=11)
    newest = mailed_codes(app, ADA)[-1]
    assert late.submit(TYPE, form="/register", code=newest).headers["Location"] == "/login"
    assert not late.is_signed_in()


def test_a_code_is_refused_when_the_account_has_moved_to_another_address(
    app: Flask, switched_on: str, browser: Browser
) -> None:
    """Whoever still reads the old inbox must not come in by it."""
    ask(browser)
    [code] = mailed_codes(app, ADA)
    with app.app_context():
        accounts.get_user(ADA).email = "countess@example.com"
        db.session.commit()
    assert browser.submit(TYPE, code=code).status_code == 422
    assert not browser.is_signed_in()


@pytest.mark.asvs("6.3.1", "6.6.3")
def test_a_sixth_guess_is_refused_across_codes_and_browsers(
    app: Flask, switched_on: str, new_browser: Another
) -> None:
    for n in range(5):
        browser = new_browser(f"203.0.113.{n}")
        ask(browser)
        wrong = another(mailed_codes(app, ADA)[-1])
        assert browser.submit(TYPE, code=wrong).status_code == 422
    assert browser.submit(TYPE, code=mailed_codes(app, ADA)[-1]).status_code == 429


def test_flooding_an_inbox_is_refused(app: Flask, switched_on: str, new_browser: Another) -> None:
    answers = []
    for n in range(7):
        browser = new_browser(f"203.0.113.{n}")
        answers.append(browser.submit(BEGIN, email=ADA).status_code)
    assert answers == [303] * 5 + [429] * 2
    assert len(mailed_codes(app, ADA)) == 5


# feature: api
def test_a_program_comes_in_by_a_mailed_code(
    app: Flask, switched_on: str, program: Program
) -> None:
    asked = program.post("/auth/code", {"email": ADA}).get_json()
    [code] = mailed_codes(app, ADA)
    sent = {**asked, "email": ADA, "code": another(code)}
    assert program.post("/auth/token/mailed-code", sent).status_code == 422
    elsewhere = {**sent, "code": code, "device": "another"}
    assert program.post("/auth/token/mailed-code", elsewhere).status_code == 401
    assert program.keep(program.post("/auth/token/mailed-code", {**sent, "code": code}))
    assert program.is_signed_in()


# endfeature
