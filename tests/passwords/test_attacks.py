"""What must never happen to a password."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bcrypt
import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import User
from app.accounts.service import CONFIRM_EMAIL
from app.core import tokens
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.extensions import db
from app.passwords import service
from tests.conftest import PASSWORD, Browser, Clock, Mailbox, without_chance
from tests.login.riddle import ANSWER, RIDDLE
from tests.passwords.conftest import NEW_PASSWORD, counted

Ask = Callable[[Browser, str], str]
NewBrowser = Callable[..., Browser]
CHANGE = {"current": PASSWORD, "password": NEW_PASSWORD}


def opens(browser: Browser, link: str) -> bool:
    """Tell whether a mailed link still works."""
    status = browser.get(link).status_code
    assert status in (200, 410)
    return status == 200


@pytest.mark.asvs("6.3.8")
def test_asking_does_not_tell_who_has_an_account(
    app: Flask, browser: Browser, user: str, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
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
    usable = [user, "no-password@example.com"]
    others = ["nobody@example.com", "unconfirmed@example.com", "switched-off@example.com"]
    answers, works = [], []
    for email in [*usable, *others]:
        form = {"csrf_token": browser.token("/password/forgot"), "email": email}
        with counted(app, monkeypatch) as work:
            answers.append(without_chance(browser.post("/password/forgot", form)))
        works.append(work)
        ((_, subject, _),) = mailbox.mails(email)
        assert subject.startswith("Choose a new" if email in usable else "No account at")
    assert all(answer == answers[0] for answer in answers)
    assert works == [works[0]] * 5
    assert works[0]["INSERT"] >= 2  # who listens may write of it
    assert "hash" not in works[0]


def test_asking_changes_nothing(signed_in: Browser, user: str, ask: Ask, app: Flask) -> None:
    for _ in range(5):
        ask(signed_in, user)
    assert signed_in.is_signed_in()
    assert Browser(app).sign_in(user).status_code == 303


@pytest.mark.asvs("2.4.1")
def test_one_inbox_is_not_flooded_and_its_last_link_stays_good(
    app: Flask, new_browser: NewBrowser, user: str, mailbox: Mailbox
) -> None:
    for email in (user, "nobody@example.com"):
        for n in range(9):
            stranger = new_browser(f"203.0.113.{n}")
            assert stranger.submit("/password/forgot", email=email).status_code == 303
        assert len(mailbox.mails(email)) == 6
    assert opens(new_browser(), mailbox.last_link(user))


def test_one_client_who_asks_for_everybody_is_stopped(browser: Browser) -> None:
    answers = [browser.submit("/password/forgot", email=f"n{n}@example.com") for n in range(12)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429] * 2


@pytest.mark.asvs("6.4.1")
def test_a_link_is_refused_the_second_time(browser: Browser, user: str, ask: Ask) -> None:
    link = ask(browser, user)
    form = {"csrf_token": browser.token(link), "password": NEW_PASSWORD}
    assert browser.post(link, form).status_code == 303
    form = {"csrf_token": browser.token(), "password": "another-window-twelve-fern"}
    again = browser.post(link, form)
    assert again.status_code == 410
    assert 'href="/password/forgot"' in again.text
    assert not opens(browser, link)
    assert browser.sign_in(user, NEW_PASSWORD).status_code == 303


def test_an_older_link_is_refused_after_a_newer_one(browser: Browser, user: str, ask: Ask) -> None:
    older, newer = ask(browser, user), ask(browser, user)
    assert not opens(browser, older)
    assert opens(browser, newer)


def test_somebody_elses_newer_link_voids_nothing(
    browser: Browser, user: str, without_password: Browser, ask: Ask
) -> None:
    link = ask(browser, user)
    ask(browser, "grace@example.com")
    browser.submit("/password/forgot", email="nobody@example.com")
    assert opens(browser, link)


def test_a_link_is_refused_after_an_hour(
    browser: Browser, user: str, ask: Ask, moving_clock: Clock
) -> None:
    link = ask(browser, user)
    moving_clock.forward(minutes=59)
    assert opens(browser, link)
    moving_clock.forward(minutes=2)
    assert not opens(browser, link)


def test_a_link_is_refused_after_the_password_was_changed(
    signed_in: Browser, user: str, ask: Ask
) -> None:
    link = ask(signed_in, user)
    assert signed_in.submit("/account/password", **CHANGE).status_code == 303
    assert not opens(signed_in, link)


# feature: profile
def test_a_link_is_refused_after_the_address_was_changed(
    app: Flask, browser: Browser, user: str, ask: Ask
) -> None:
    """It lies in an inbox that is the account's no more."""
    from app.core.events import AccountEvent, signals

    link = ask(browser, user)
    with app.app_context():
        signals.signal("email_changed").send(AccountEvent(user_id=accounts.get_user(user).id))
        db.session.commit()
    assert not opens(browser, link)


# endfeature
def test_a_link_of_an_account_that_was_switched_off_is_refused(
    app: Flask, browser: Browser, user: str, ask: Ask
) -> None:
    link = ask(browser, user)
    with app.app_context():
        accounts.deactivate(accounts.get_user(user))
        db.session.commit()
    assert not opens(browser, link)
    with app.app_context():
        accounts.activate(accounts.get_user(user))
        db.session.commit()
    assert not opens(browser, link)


def test_a_link_that_was_asked_for_while_the_account_was_switched_off_is_refused(
    app: Flask, browser: Browser, user: str, ask: Ask
) -> None:
    link = ask(browser, user)
    with app.app_context():
        accounts.get_user(user).active = False  # at the same moment: nobody heard of it
        db.session.commit()
    assert browser.submit(link, form="/login", password=NEW_PASSWORD).status_code == 410


def test_a_token_for_another_purpose_is_refused(
    app: Flask, browser: Browser, user: str, ask: Ask, mailbox: Mailbox
) -> None:
    reset_secret = ask(browser, user).rpartition("/")[2]
    assert browser.get(f"/confirm-email/{reset_secret}").status_code == 410
    browser.register("new@example.com")
    confirm_secret = mailbox.last_link("new@example.com").rpartition("/")[2]
    form = {"csrf_token": browser.token(), "password": NEW_PASSWORD}
    assert browser.post(f"/password/reset/{confirm_secret}", form).status_code == 410
    for guess in ("x", "x" * 5000, "%00", "%FF", "' OR 1=1 --"):
        assert browser.post(f"/password/reset/{guess}", form).status_code == 410
    with app.app_context():
        assert tokens.get(CONFIRM_EMAIL, confirm_secret)
        assert tokens.get(service.RESET, reset_secret)


def test_a_link_is_not_eaten_by_a_scanner(browser: Browser, user: str, ask: Ask) -> None:
    link = ask(browser, user)
    for method in ("GET", "HEAD", "GET"):
        browser.client.open(link, method=method, base_url="http://localhost:8000")
    assert browser.submit(link, password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize("forged", ["evil.com", "localhost.evil.com"])
def test_a_mailed_link_never_follows_the_request(
    browser: Browser, user: str, mailbox: Mailbox, forged: str
) -> None:
    form = {"csrf_token": browser.token("/password/forgot"), "email": user}
    assert browser.post("/password/forgot", form, headers={"Host": forged}).status_code == 400
    assert mailbox.mails() == []
    browser.post(
        "/password/forgot", form, headers={"X-Forwarded-Host": forged, "Forwarded": forged}
    )
    ((_, _, text),) = mailbox.mails()
    assert forged not in text
    assert "http://localhost:8000/password/reset/" in text


@pytest.mark.asvs("7.4.3")
def test_every_old_cookie_is_refused_after_a_reset(
    signed_in: Browser, new_browser: NewBrowser, user: str, ask: Ask
) -> None:
    phone, stranger = new_browser(), new_browser()
    phone.sign_in(user, remember="y")
    link = ask(signed_in, user)
    assert signed_in.submit(link, password=NEW_PASSWORD).status_code == 303
    for browser in (signed_in, phone, stranger):
        assert not browser.is_signed_in()


@pytest.mark.asvs("7.4.3", "7.2.4")
def test_every_other_cookie_is_refused_after_a_change(
    signed_in: Browser, new_browser: NewBrowser, user: str
) -> None:
    phone, thief = new_browser(), new_browser()
    phone.sign_in(user, remember="y")
    thief.put_cookie(signed_in.cookie())
    assert thief.is_signed_in()
    assert signed_in.submit("/account/password", **CHANGE).status_code == 303
    assert signed_in.is_signed_in()
    assert not phone.is_signed_in()
    assert not thief.is_signed_in()


@pytest.mark.asvs("6.4.3")
def test_a_reset_is_no_way_round_a_login_step(
    riddle: None, browser: Browser, user: str, ask: Ask
) -> None:
    done = browser.submit(ask(browser, user), password=NEW_PASSWORD)
    assert done.headers["Location"] == "/login"
    assert not browser.is_signed_in()
    assert browser.sign_in(user, NEW_PASSWORD).headers["Location"] == RIDDLE
    assert not browser.is_signed_in()
    browser.submit(RIDDLE, form="/login", answer=ANSWER)
    assert browser.is_signed_in()


@pytest.mark.parametrize("way", ["reset", "change"])
def test_a_sign_in_that_was_half_done_is_refused_afterwards(
    riddle: None, new_browser: NewBrowser, user: str, ask: Ask, way: str
) -> None:
    """The old password is proved already, and only the step is missing."""
    owner, thief = new_browser(), new_browser()
    owner.sign_in(user)
    owner.submit(RIDDLE, form="/login", answer=ANSWER)
    thief.sign_in(user)
    assert thief.get(RIDDLE).status_code == 200
    if way == "reset":
        owner.submit(ask(owner, user), password=NEW_PASSWORD)
    else:
        owner.submit("/account/password", **CHANGE)
    left = thief.submit(RIDDLE, form="/login", answer=ANSWER)
    assert left.headers["Location"] == "/login"
    assert not thief.is_signed_in()


@pytest.mark.parametrize("rounds", [4, 5], ids=["same cost", "another cost"])
def test_a_sign_in_that_began_with_the_old_password_is_refused(
    app: Flask, user: str, ask: Ask, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """While the old password is being verified, the owner resets it."""
    owner, thief = Browser(app, "198.51.100.1"), Browser(app)
    link, form = ask(owner, user), {"csrf_token": thief.token(), "email": user}
    checkpw = bcrypt.checkpw

    def slow(typed: bytes, stored: bytes) -> bool:
        monkeypatch.setattr(bcrypt, "checkpw", checkpw)
        right = checkpw(typed, stored)
        with ThreadPoolExecutor() as elsewhere:
            done = elsewhere.submit(owner.submit, link, password=NEW_PASSWORD).result()
        assert (right, done.status_code) == (True, 303)
        app.config["BCRYPT_ROUNDS"] = rounds
        return right

    monkeypatch.setattr(bcrypt, "checkpw", slow)
    assert thief.post("/login", {**form, "password": PASSWORD}).status_code == 422
    assert not thief.is_signed_in()
    assert owner.sign_in(user, PASSWORD).status_code == 422
    assert owner.sign_in(user, NEW_PASSWORD).status_code == 303


def test_an_owner_whom_strangers_made_wait_gets_in_after_a_reset(
    new_browser: NewBrowser, user: str, ask: Ask
) -> None:
    for n in range(6):
        new_browser(f"203.0.113.{n}").sign_in(user, "wrong-wrong-wrong")
    owner = new_browser("198.51.100.1")
    assert owner.sign_in(user).status_code == 429
    assert owner.submit(ask(owner, user), password=NEW_PASSWORD).status_code == 303
    assert owner.sign_in(user, NEW_PASSWORD).status_code == 303


@pytest.mark.asvs("6.2.3")
@pytest.mark.parametrize("current", ["", "wrong-wrong-wrong", PASSWORD.upper(), PASSWORD + " "])
def test_a_change_without_the_current_password_is_refused(
    signed_in: Browser, app: Flask, user: str, current: str
) -> None:
    fields = {"current": current} if current else {}
    page = signed_in.submit("/account/password", password=NEW_PASSWORD, **fields)
    assert page.status_code == 422
    assert "current password" in page.text
    assert Browser(app).sign_in(user).status_code == 303


@pytest.mark.asvs("6.3.1")
def test_guessing_at_the_current_password_is_stopped_on_all_pages_together(
    signed_in: Browser, user: str, ask: Ask
) -> None:
    guess = {"current": "wrong-wrong-wrong", "password": NEW_PASSWORD}
    for _ in range(3):
        assert signed_in.submit("/account/password", **guess).status_code == 422
        assert signed_in.submit("/reauthenticate", password="wrong").status_code in (422, 429)
    limiter.reset()
    assert signed_in.submit("/account/password", **CHANGE).status_code == 429
    assert signed_in.submit("/reauthenticate", password=PASSWORD).status_code == 429
    # The owner is not kept out: a reset ends the thief's session and the count.
    signed_in.submit(ask(signed_in, user), password=NEW_PASSWORD)
    signed_in.sign_in(user, NEW_PASSWORD)
    assert signed_in.submit("/reauthenticate", password=NEW_PASSWORD).status_code == 303


@pytest.mark.asvs("15.3.3")
def test_fields_nobody_asked_for_are_ignored(
    app: Flask, signed_in: Browser, user: str, ask: Ask, mailbox: Mailbox
) -> None:
    more = {"email": "evil@example.com", "username": "evil@example.com", "user_id": "2", "id": "2"}
    more |= {"active": "", "name": "Mallory", "password_hash": "x", "keep": "1"}
    signed_in.submit(ask(signed_in, user), password=NEW_PASSWORD, **more)
    signed_in.sign_in(user, NEW_PASSWORD)
    change = {"current": NEW_PASSWORD, "password": PASSWORD}
    assert signed_in.submit("/account/password", **change, **more).status_code == 303
    with app.app_context():
        (found,) = db.session.scalars(select(User))
        assert (found.id, found.email, found.name, found.active) == (1, user, "Ada Lovelace", True)
    assert mailbox.mails("evil@example.com") == []


@pytest.mark.asvs("11.4.2", "16.2.5")
def test_secrets_reach_neither_log_nor_database(
    app: Flask, user: str, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = Browser(app)
    secret = ask(browser, user).rpartition("/")[2]
    browser.submit(f"/password/reset/{secret}", password="short-canary")
    browser.submit(f"/password/reset/{secret}", password=NEW_PASSWORD)
    browser.sign_in(user, NEW_PASSWORD)
    browser.submit("/account/password", current="wrong-canary-words", password=PASSWORD)
    browser.submit("/account/password", current=NEW_PASSWORD, password=PASSWORD)
    written = "".join(capsys.readouterr())
    assert "POST /password/reset/<token> 303" in written
    with app.app_context():
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    stored = (tmp_path / "test.db").read_bytes().decode("latin-1")
    assert user in stored
    for canary in (secret, "short-canary", NEW_PASSWORD, "wrong-canary-words", PASSWORD):
        assert canary not in written
        assert canary not in stored


@pytest.mark.asvs("14.2.1")
def test_the_secret_in_the_address_is_kept_from_other_sites(
    browser: Browser, user: str, ask: Ask
) -> None:
    link = ask(browser, user)
    form = {"csrf_token": browser.token(link)}
    answers = [browser.get(link), browser.post(link, {**form, "password": "short"})]
    answers.append(browser.post(link, {**form, "password": NEW_PASSWORD}))
    answers.append(browser.get(link))
    assert [answer.status_code for answer in answers] == [200, 422, 303, 410]
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert link.rpartition("/")[2] not in answer.text


def test_the_address_of_an_account_is_not_in_sight_on_the_page_of_a_link(
    browser: Browser, user: str, ask: Ask
) -> None:
    page = browser.get(ask(browser, user)).text
    fields = re.findall(r"<input[^>]*>", page)
    (named,) = (field for field in fields if user in field)
    assert 'class="visually-hidden"' in named
    assert 'aria-hidden="true"' in named
    assert user not in page.replace(named, "")


@pytest.mark.asvs("1.2.1")
def test_html_in_a_name_stays_text(app: Flask, browser: Browser, user: str, ask: Ask) -> None:
    with app.app_context():
        accounts.get_user(user).name = "<script>alert(1)</script>"
        db.session.commit()
    browser.submit(ask(browser, user), password=NEW_PASSWORD)
    with app.app_context():
        mails = db.session.scalars(select(OutboxMail)).all()
        pages = [mail.parts()["html"] for mail in mails]
    assert len(pages) == 2
    for page in pages:
        assert "&lt;script&gt;" in page
        assert "<script>" not in page


def test_an_address_without_an_account_is_told_nothing_about_the_accounts(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    """Who registers an address that is not theirs could choose the words of a mail to it."""
    browser.register("victim@example.com", name="You have won at evil.example")
    browser.submit("/password/forgot", email="victim@example.com")
    _, subject, text = mailbox.mails("victim@example.com")[-1]
    assert "evil.example" not in subject + text
    assert "/password/reset/" not in text
    assert "http://localhost:8000/register" in text
