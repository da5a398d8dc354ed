"""Attacks on the second question that are refused."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import (
    ELSEWHERE,
    PASSWORD,
    Browser,
    Clock,
    Program,  # feature: api
)
from tests.second_factor.test_second_factor import ADA, CHOOSE, PRESENCE, STEP, pass_both
from tests.second_factor.word import give_word
from tests.tables import Case

GRACE = "grace@example.com"
Another = Callable[..., Browser]


@pytest.fixture
def word(app: Flask, user: str) -> str:
    """Ada's word."""
    return give_word(app, user)


def half_way(browser: Browser, email: str = ADA) -> Browser:
    """Know the password, and no more."""
    assert browser.sign_in(email).headers["Location"] == CHOOSE
    return browser


@pytest.mark.asvs("6.3.1", "6.6.3")
def test_a_sixth_guess_is_refused_across_sign_ins_cookies_and_addresses(
    app: Flask, word: str, new_browser: Another, moving_clock: Clock
) -> None:
    for n in range(5):
        browser = half_way(new_browser(f"203.0.113.{n}"))
        assert browser.submit(STEP, code=f"guess {n}").status_code == 422
    browser = half_way(new_browser("203.0.113.9"))
    refused = browser.submit(STEP, code=word)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 31
    moving_clock.forward(seconds=31)
    assert browser.submit(STEP, code="another guess").status_code == 422
    moving_clock.forward(seconds=31)
    assert browser.submit(STEP, code=word).status_code == 429
    moving_clock.forward(seconds=31)
    assert browser.submit(STEP, code=word).status_code == 303


@pytest.mark.asvs("6.3.1", "6.6.3")
def test_a_sixth_guess_is_refused_across_kinds_and_doors(
    app: Flask, word: str, signed_in_before: Browser, new_browser: Another
) -> None:
    card = give_word(app, ADA, "card")
    for n in range(3):
        assert half_way(new_browser(f"203.0.113.{n}")).submit(STEP, code="no").status_code == 422
    half = half_way(new_browser("203.0.113.8"))
    assert half.submit(f"{CHOOSE}/card", code="no").status_code == 422
    assert signed_in_before.submit(PRESENCE, code="no").status_code == 422
    assert half.submit(f"{CHOOSE}/card", code=card).status_code == 429
    assert signed_in_before.submit(PRESENCE, code=word).status_code == 429


@pytest.fixture
def signed_in_before(app: Flask, word: str, new_browser: Another) -> Browser:
    """A browser in which Ada is signed in."""
    browser = new_browser("198.51.100.1")
    pass_both(browser, word)
    return browser


def test_a_stranger_without_the_password_cannot_make_the_owner_wait(
    app: Flask, word: str, new_browser: Another
) -> None:
    for n in range(8):
        stranger = new_browser(f"203.0.113.{n}")
        assert stranger.submit(STEP, form="/register", code="no").headers["Location"] == "/login"
    pass_both(new_browser(), word)


def test_a_factor_of_somebody_else_is_refused(app: Flask, word: str, browser: Browser) -> None:
    with app.app_context():
        accounts.create(email=GRACE, name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    hers = give_word(app, GRACE, "card")
    half_way(browser)
    assert browser.submit(f"{CHOOSE}/card", form="/register", code=hers).status_code == 404
    assert browser.submit(STEP, code=hers).status_code == 422
    assert not browser.is_signed_in()


@pytest.mark.parametrize("path", ["/", "/account", "/account/second-factor", "/reauthenticate"])
def test_the_step_is_not_skipped_by_going_elsewhere(word: str, browser: Browser, path: str) -> None:
    half_way(browser)
    browser.get(path)
    assert not browser.is_signed_in()
    assert "Sign out" not in browser.get("/").text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_step_is_not_passed_by_an_address(word: str, browser: Browser, method: str) -> None:
    half_way(browser)
    browser._go(method, f"{STEP}?code={word}")
    assert not browser.is_signed_in()


def test_the_step_is_not_skipped_by_a_second_tab(word: str, browser: Browser) -> None:
    """Each tab has begun a sign-in; the browser carries on with the later one, once."""
    half_way(browser)
    first = browser.cookie()
    half_way(browser)
    second = browser.cookie()
    assert browser.submit(STEP, code=word).status_code == 303
    for cookie in (first, second):
        tab = Browser(browser.client.application)
        tab.client.set_cookie("session", cookie)
        assert not tab.is_signed_in()


def test_a_sign_in_that_is_finished_is_not_finished_again(
    app: Flask, word: str, browser: Browser
) -> None:
    half_way(browser)
    stolen = browser.cookie()
    assert browser.submit(STEP, code=word).status_code == 303
    thief = Browser(app)
    thief.client.set_cookie("session", stolen)
    answer = thief.submit(STEP, form="/register", code=word)
    assert answer.headers["Location"] == "/login"
    assert not thief.is_signed_in()


def test_a_sign_in_that_took_too_long_is_not_finished(
    word: str, browser: Browser, moving_clock: Clock
) -> None:
    half_way(browser)
    moving_clock.forward(minutes=11)
    answer = browser.submit(STEP, form="/register", code=word)
    assert answer.headers["Location"] == "/login"
    assert not browser.is_signed_in()


def test_a_factor_that_came_meanwhile_is_asked_for(app: Flask, user: str, browser: Browser) -> None:
    """A sign-in that waits for another step when the owner adds a factor passes it too."""
    app.config["SECOND_FACTOR"] = "all"
    half_way(browser)
    word = give_word(app, user)
    assert browser.get(CHOOSE).headers["Location"] == STEP
    assert not browser.is_signed_in()
    assert browser.submit(STEP, code=word).status_code == 303


def test_an_account_that_was_switched_off_on_the_way_is_refused(
    app: Flask, word: str, browser: Browser
) -> None:
    half_way(browser)
    with app.app_context():
        accounts.deactivate(accounts.get_user(ADA))
        db.session.commit()
    assert browser.submit(STEP, form="/register", code=word).headers["Location"] == "/login"
    assert not browser.is_signed_in()


def test_a_device_cookie_of_ones_own_making_is_not_trusted(
    app: Flask, word: str, browser: Browser, new_browser: Another
) -> None:
    app.config["TRUSTED_BROWSER_DAYS"] = 30
    pass_both(browser, word, trust="y")
    stranger = new_browser()
    stranger.client.set_cookie("device", "a-guess")
    assert stranger.sign_in(ADA).headers["Location"] == CHOOSE


def test_a_copied_device_cookie_opens_nothing_without_the_password(
    app: Flask, word: str, browser: Browser, new_browser: Another
) -> None:
    app.config["TRUSTED_BROWSER_DAYS"] = 30
    pass_both(browser, word, trust="y")
    thief = new_browser()
    thief.client.set_cookie("device", browser.cookie("device"))
    assert thief.sign_in(ADA, "a-wrong-password-of-length").status_code == 422
    assert not thief.is_signed_in()


def test_an_open_redirect_is_refused(signed_in: Browser, app: Flask, case: Case) -> None:
    word = give_word(app, ADA)
    for elsewhere in ELSEWHERE:
        with case(elsewhere=elsewhere):
            token = signed_in.token("/reauthenticate")
            answer = signed_in.post(
                PRESENCE, {"csrf_token": token, "code": word}, query_string={"next": elsewhere}
            )
            assert answer.headers["Location"] == "/"


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize("path", [STEP, f"{STEP}/send", PRESENCE, f"{PRESENCE}/send"])
def test_another_site_cannot_answer_the_question(
    app: Flask, word: str, browser: Browser, path: str
) -> None:
    half_way(browser)
    assert browser.post(path, {"code": word}).status_code == 400
    assert not browser.is_signed_in()


NO_KINDS = ["nothing", "Word", "word%20", "..", "<b>", "x" * 200]


def test_a_kind_that_is_not_there_is_refused(word: str, browser: Browser, case: Case) -> None:
    half_way(browser)
    for key in NO_KINDS:
        with case(key=key):
            assert browser.get(f"{CHOOSE}/{key}").status_code == 404


def test_a_browser_of_somebody_else_is_not_asked_less_by_anybody(
    app: Flask, word: str, browser: Browser, new_browser: Another
) -> None:
    """Whoever knows the id of a trusted browser cannot do anything with it."""
    app.config["TRUSTED_BROWSER_DAYS"] = 30
    pass_both(browser, word, trust="y")
    page = browser.get("/account/second-factor").text
    path = f"/account/second-factor/browsers/{page.split('/browsers/')[1].split('/')[0]}/forget"
    with app.app_context():
        accounts.create(email=GRACE, name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    grace = new_browser()
    grace.sign_in(GRACE)
    assert grace.submit(path, form="/reauthenticate").status_code == 404
    assert "/browsers/" in browser.get("/account/second-factor").text


def test_the_typed_code_is_neither_logged_nor_shown_again(
    word: str, browser: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    half_way(browser)
    typed = "<script>typed-and-wrong</script>"
    assert "typed-and-wrong" not in browser.submit(STEP, code=typed).text
    written = capfd.readouterr()
    assert "typed-and-wrong" not in written.out + written.err


# feature: api
def test_a_sign_in_of_a_browser_is_no_programs_and_none_of_a_program_a_browsers(
    app: Flask, word: str, browser: Browser, program: Program
) -> None:
    attempt = program.sign_in(ADA).get_json()["attempt"]
    with browser.client.session_transaction() as session:
        session["attempt"] = attempt
    assert browser.submit(STEP, form="/register", code=word).headers["Location"] == "/login"
    half_way(browser)
    with browser.client.session_transaction() as session:
        attempt = session["attempt"]
    refused = program.post("/auth/token/word", {"attempt": attempt, "code": word})
    assert refused.status_code == 401
    assert refused.get_json()["code"] == "attempt_refused"


@pytest.mark.asvs("6.3.1", "6.6.3")
def test_a_sixth_guess_by_a_program_is_refused(app: Flask, word: str, program: Program) -> None:
    attempt = program.sign_in(ADA).get_json()["attempt"]
    answers = [
        program.post("/auth/token/word", {"attempt": attempt, "code": "no"}).status_code
        for _ in range(5)
    ]
    refused = program.post("/auth/token/word", {"attempt": attempt, "code": word})
    assert [*answers, refused.status_code] == [422] * 5 + [429]
    assert refused.get_json()["code"] == "too_many_attempts"


def test_a_program_that_has_to_set_one_up_is_sent_to_a_browser(
    app: Flask, user: str, program: Program
) -> None:
    app.config["SECOND_FACTOR"] = "all"
    refused = program.sign_in(user)
    assert refused.status_code == 403
    assert refused.get_json()["code"] == "browser_required"
    assert "access_token" not in refused.text


def test_a_program_is_told_the_factors_and_no_secret(
    app: Flask, word: str, program: Program
) -> None:
    refused = program.sign_in(ADA)
    assert refused.status_code == 401
    told = refused.get_json()
    assert told["code"] == "second_factor_required"
    assert told["address"] == "/api/v1/auth/token/word"
    assert [one["factor"] for one in told["factors"]] == ["word"]
    assert word not in refused.text


# endfeature
