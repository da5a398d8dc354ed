"""What must never happen to a sign-in."""

from collections.abc import Callable

import bcrypt
import pytest
from flask import Flask
from itsdangerous import BadSignature
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.accounts.events import EmailConfirmed
from app.accounts.models import User
from app.core.events import signals
from app.core.limits import limiter
from app.extensions import db
from app.login import recognition, service
from app.login.models import LoginSession
from tests.conftest import ELSEWHERE, PASSWORD, Browser, Clock, Mailbox, without_chance
from tests.tables import Case


def stays(answer: TestResponse) -> bool:
    location = answer.headers["Location"]
    return location.startswith("/") and not location.startswith(("//", "/\\"))


@pytest.mark.asvs("3.7.2")
def test_an_open_redirect_is_refused_on_every_next(
    new_browser: Callable[..., Browser], user: str, case: Case
) -> None:
    for target in ELSEWHERE:
        with case(target=target):
            browser = new_browser()
            answer = browser.submit("/login", email=user, password=PASSWORD, next=target)
            assert answer.status_code == 303
            assert stays(answer)
            assert stays(browser.get("/login", query_string={"next": target}))
            again = browser.submit("/reauthenticate", password=PASSWORD, next=target)
            assert again.status_code == 303
            assert stays(again)
            browser.sign_out()
            page = browser.get("/login", query_string={"next": target})
            assert page.status_code == 200
            assert "evil.com" not in page.text or target == "/..//evil.com"


@pytest.mark.asvs("3.5.1")
@pytest.mark.parametrize("path", ["/login", "/logout", "/register", "/reauthenticate"])
def test_a_form_without_its_token_is_refused(signed_in: Browser, path: str) -> None:
    answer = signed_in.post(path, {"email": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 400
    assert signed_in.is_signed_in()


@pytest.mark.asvs("7.6.2")
def test_signing_somebody_in_from_another_site_is_refused(browser: Browser, user: str) -> None:
    """Sign-in CSRF: the victim would type secrets into the attacker's account."""
    browser.get("/login")
    forged = browser.post("/login", {"email": user, "password": PASSWORD, "csrf_token": "x"})
    assert forged.status_code == 400
    assert not browser.is_signed_in()


def test_another_browsers_form_token_is_refused(
    new_browser: Callable[..., Browser], user: str
) -> None:
    mallory, ada = new_browser(), new_browser()
    ada.get("/login")
    form = {"email": user, "password": PASSWORD, "csrf_token": mallory.token()}
    assert ada.post("/login", form).status_code == 400


def test_signing_out_by_a_link_is_refused(signed_in: Browser) -> None:
    assert signed_in.get("/logout").status_code == 405
    assert signed_in.is_signed_in()


@pytest.mark.asvs("7.2.4")
def test_a_session_planted_before_the_sign_in_is_refused(browser: Browser, user: str) -> None:
    browser.token()
    planted = browser.cookie()
    browser.sign_in(user)
    assert browser.cookie() != planted
    browser.put_cookie(planted)
    assert not browser.is_signed_in()


def test_what_was_planted_in_the_cookie_is_gone_after_the_sign_in(
    app: Flask, browser: Browser, user: str
) -> None:
    with browser.client.session_transaction(base_url="http://localhost:8000") as planted:
        planted["planted"] = "by a stranger"
    browser.sign_in(user)
    with browser.client.session_transaction(base_url="http://localhost:8000") as now:
        assert "planted" not in now


def test_signing_in_ends_the_session_that_was_open_here(
    signed_in: Browser, new_browser: Callable[..., Browser], user: str
) -> None:
    old = signed_in.cookie()
    form = {"csrf_token": signed_in.token("/reauthenticate"), "email": user, "password": PASSWORD}
    assert signed_in.post("/login", form).status_code == 303
    thief = new_browser()
    thief.put_cookie(old)
    assert not thief.is_signed_in()
    assert signed_in.is_signed_in()


@pytest.mark.asvs("7.4.1")
@pytest.mark.parametrize("remember", [{}, {"remember": "y"}])
def test_a_copied_cookie_is_refused_after_sign_out(
    browser: Browser, new_browser: Callable[..., Browser], user: str, remember: dict[str, str]
) -> None:
    browser.sign_in(user, **remember)
    copied = browser.cookie()
    thief = new_browser()
    thief.put_cookie(copied)
    assert thief.is_signed_in()
    browser.sign_out()
    assert not thief.is_signed_in()


@pytest.mark.asvs("7.4.2")
def test_a_cookie_is_refused_after_deactivation(
    app: Flask, signed_in: Browser, user: str, browser: Browser
) -> None:
    with app.app_context():
        accounts.deactivate(accounts.get_user(user))
        db.session.commit()
    assert not signed_in.is_signed_in()
    assert browser.sign_in(user).status_code == 422
    with app.app_context():
        accounts.activate(accounts.get_user(user))
        db.session.commit()
    assert not signed_in.is_signed_in()


def test_a_cookie_is_refused_after_step_up_renewed_it(
    signed_in: Browser, new_browser: Callable[..., Browser]
) -> None:
    copied = signed_in.cookie()
    signed_in.submit("/reauthenticate", password=PASSWORD)
    thief = new_browser()
    thief.put_cookie(copied)
    assert not thief.is_signed_in()
    assert signed_in.is_signed_in()


@pytest.mark.asvs("6.2.10")
def test_nobody_is_made_to_change_a_good_password(
    new_browser: Callable[..., Browser], user: str, moving_clock: Clock
) -> None:
    moving_clock.forward(days=3650)
    assert new_browser().sign_in(user).headers["Location"] == "/"


@pytest.mark.asvs("11.4.1", "11.4.3")
def test_a_session_cookie_signed_with_sha1_is_refused(app: Flask, signed_in: Browser) -> None:
    from flask.sessions import SecureCookieSessionInterface

    weak = SecureCookieSessionInterface().get_signing_serializer(app)
    assert weak is not None
    with pytest.raises(BadSignature):
        weak.loads(signed_in.cookie())


@pytest.mark.asvs("6.3.8")
def test_sign_in_does_not_tell_why_it_refuses(
    app: Flask, browser: Browser, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for name in ("unconfirmed", "switched-off", "no-password"):
            accounts.create(
                email=f"{name}@example.com",
                name=name,
                password=None if name == "no-password" else PASSWORD,
                confirmed=name != "unconfirmed",
            )
        accounts.deactivate(accounts.get_user("switched-off@example.com"))
        db.session.commit()
    calls: list[bytes] = []
    checkpw = bcrypt.checkpw

    def counted(password: bytes, stored: bytes) -> bool:
        calls.append(stored)
        return checkpw(password, stored)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    answers = []
    tries = [(user, "wrong-wrong-wrong"), ("nobody@example.com", PASSWORD)]
    tries += [
        (f"{n}@example.com", PASSWORD) for n in ("unconfirmed", "switched-off", "no-password")
    ]
    for email, password in tries:
        answers.append(without_chance(browser.sign_in(email, password)))
        assert len(calls) == 1
        calls.clear()
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 422


@pytest.mark.asvs("6.3.1")
def test_guessing_is_stopped_across_addresses_cookies_and_attempts(
    app: Flask, new_browser: Callable[..., Browser], user: str
) -> None:
    for last in range(5):
        guesser = new_browser(f"203.0.113.{last}")
        assert guesser.sign_in(user, "wrong-wrong-wrong").status_code == 422
    stopped = new_browser("203.0.113.99").sign_in(user, "wrong-wrong-wrong")
    assert stopped.status_code == 429
    assert 1 <= int(stopped.headers["Retry-After"]) <= 31


def test_an_unknown_address_is_stopped_just_the_same(
    new_browser: Callable[..., Browser],
) -> None:
    for last in range(5):
        new_browser(f"203.0.113.{last}").sign_in("nobody@example.com")
    assert new_browser("203.0.113.99").sign_in("nobody@example.com").status_code == 429


def test_the_wait_grows_and_ends_by_itself(
    app: Flask, new_browser: Callable[..., Browser], user: str, moving_clock: Clock
) -> None:
    guesser, waits = new_browser(), []
    for _ in range(12):
        limiter.reset()
        answer = guesser.sign_in(user, "wrong-wrong-wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            moving_clock.forward(seconds=waits[-1])
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    moving_clock.forward(hours=1)
    limiter.reset()
    assert guesser.sign_in(user).status_code == 303


def test_strangers_who_guess_do_not_shut_the_owner_out(
    new_browser: Callable[..., Browser], user: str
) -> None:
    owner = new_browser()
    owner.sign_in(user)
    owner.sign_out()
    for last in range(6):
        new_browser(f"203.0.113.{last}").sign_in(user, "wrong-wrong-wrong")
    assert new_browser("203.0.113.98").sign_in(user).status_code == 429
    assert owner.sign_in(user).status_code == 303


def test_a_made_up_device_does_not_buy_more_guesses(
    new_browser: Callable[..., Browser], user: str
) -> None:
    for last in range(5):
        guesser = new_browser(f"203.0.113.{last}")
        guesser.put_cookie(f"made-up-{last}", "device")
        guesser.sign_in(user, "wrong-wrong-wrong")
    guesser = new_browser("203.0.113.99")
    guesser.put_cookie("made-up-99", "device")
    assert guesser.sign_in(user).status_code == 429


def test_one_address_is_stopped_whatever_it_claims_to_be(
    browser: Browser, new_browser: Callable[..., Browser]
) -> None:
    statuses = []
    for n in range(12):
        guesser = new_browser()
        statuses.append(
            guesser.post(
                "/login",
                {
                    "csrf_token": guesser.token(),
                    "email": f"n{n}@example.com",
                    "password": "wrong-wrong-wrong",
                },
                headers={"X-Forwarded-For": f"198.51.100.{n}"},
            ).status_code
        )
    assert statuses[:10] == [422] * 10
    assert statuses[10:] == [429] * 2


def test_addresses_of_one_ipv6_network_are_one_client(
    new_browser: Callable[..., Browser],
) -> None:
    statuses = [
        new_browser(f"2001:db8:1:2::{n:x}").sign_in(f"n{n}@example.com").status_code
        for n in range(12)
    ]
    assert 429 in statuses
    assert new_browser("2001:db8:1:3::1").sign_in("other@example.com").status_code == 422


@pytest.mark.asvs("1.3.3")
def test_what_a_browser_says_of_itself_is_cut_and_cleaned(
    app: Flask, browser: Browser, user: str
) -> None:
    token = browser.token()
    form = {"csrf_token": token, "email": user, "password": PASSWORD}
    lies = {"User-Agent": "Agent\t<b>" + "x" * 5000}
    assert browser.post("/login", form, headers=lies).status_code == 303
    with app.app_context():
        row = db.session.scalars(db.select(LoginSession)).one()
        assert row.user_agent.startswith("Agent<b>x")
        assert len(row.user_agent) == 256


def test_guessing_at_the_step_up_page_is_stopped(signed_in: Browser) -> None:
    for _ in range(5):
        assert signed_in.submit("/reauthenticate", password="wrong").status_code == 422
    assert signed_in.submit("/reauthenticate", password=PASSWORD).status_code == 429


def test_a_look_at_the_sign_in_page_is_never_counted(browser: Browser) -> None:
    assert {browser.get("/login").status_code for _ in range(15)} == {200}


def test_an_anonymous_visitor_is_not_the_last_one_who_signed_in(
    signed_in: Browser, new_browser: Callable[..., Browser]
) -> None:
    assert signed_in.is_signed_in()
    assert not new_browser().is_signed_in()


def test_ending_all_sessions_ends_all_but_one(
    app: Flask, new_browser: Callable[..., Browser], user: str
) -> None:
    phone, laptop = new_browser(), new_browser()
    phone.sign_in(user)
    laptop.sign_in(user)
    with app.app_context():
        found = recognition.find_session(_secret(laptop))
        assert found is not None
        ended = service.end_sessions(found.user_id, keep=found.login_session_id)
        db.session.commit()
    assert ended == 1
    assert laptop.is_signed_in()
    assert not phone.is_signed_in()


def _secret(browser: Browser) -> str:
    with browser.client.session_transaction(base_url="http://localhost:8000") as cookie:
        return str(cookie["_user_id"])


@pytest.mark.asvs("7.2.3")
def test_the_cookie_holds_no_name_and_no_number_of_a_person(signed_in: Browser, user: str) -> None:
    secret = _secret(signed_in)
    assert len(secret) == 43
    assert user not in secret


@pytest.mark.asvs("14.3.1")
def test_signing_out_tells_the_browser_to_forget(signed_in: Browser) -> None:
    assert signed_in.sign_out().headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.asvs("7.4.2")
def test_an_account_that_is_switched_off_on_the_way_is_refused_at_the_door(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    def switch_off(event: EmailConfirmed) -> None:
        accounts.deactivate(db.session.get_one(User, event.user_id))

    browser.register("ada@example.com")
    with signals.signal(EmailConfirmed.kind).connected_to(switch_off):
        answer = browser.submit(mailbox.last_link(), password=PASSWORD)
    assert answer.headers["Location"] == "/login"
    assert not browser.is_signed_in()
