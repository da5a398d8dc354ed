"""What must never happen to an account."""

import logging
import pickle
from collections.abc import Callable
from pathlib import Path

import bcrypt
import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service
from app.accounts.models import User
from app.core import tokens
from app.core.access import public
from app.core.jobs import open_queue
from app.core.outbox import post_mail
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Mailbox, without_chance
from tests.tables import Case


class Counter:
    """Counts how often a password is hashed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        for name in ("hashpw", "checkpw"):
            monkeypatch.setattr(bcrypt, name, self._counting(getattr(bcrypt, name)))

    def _counting(self, function: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self.count += 1
            return function(*arguments)

        return counted

    def take(self) -> int:
        taken, self.count = self.count, 0
        return taken


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How much hashing the last request did."""
    return Counter(monkeypatch)


@pytest.mark.asvs("6.3.8")
def test_registration_does_not_tell_who_has_an_account(
    browser: Browser, user: str, mailbox: Mailbox, hashes: Counter
) -> None:
    hashes.take()
    known = without_chance(browser.register(user, name="Mallory"))
    assert hashes.take() == 1
    unknown = without_chance(browser.register("new@example.com", name="Mallory"))
    assert hashes.take() == 1
    again = without_chance(browser.register("new@example.com", name="Mallory"))
    assert hashes.take() == 1
    assert known == unknown == again
    assert "You have an account" in mailbox.mails(user)[-1][1]
    assert len(mailbox.mails()) == 3


def test_registering_a_known_address_changes_nothing(
    browser: Browser, user: str, app: Flask
) -> None:
    browser.register(user, "stranger-words-from-elsewhere", name="Mallory")
    with app.app_context():
        assert service.get_user(user).name == "Ada Lovelace"
        assert service.check_credentials(user, PASSWORD)


def test_an_account_registered_by_a_stranger_gains_the_stranger_nothing(
    app: Flask, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    """The stranger registers first; the owner presses the button in the mail, then registers."""
    stranger, owner = new_browser(), new_browser()
    theirs = "stranger-words-from-elsewhere"
    stranger.register("ada@example.com", theirs, name="Mallory")
    strangers_link = mailbox.last_link()
    assert owner.submit(strangers_link, password=PASSWORD).status_code == 422
    owner.register("ada@example.com")
    assert owner.get(strangers_link).status_code == 410
    assert owner.submit(mailbox.last_link(), password=PASSWORD).status_code == 303
    with app.app_context():
        assert service.check_credentials("ada@example.com", theirs) is None
        assert service.get_user("ada@example.com").name == "Ada Lovelace"


@pytest.mark.asvs("6.4.1")
def test_a_link_is_refused_the_second_time(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com")
    link = mailbox.last_link()
    form = {"csrf_token": browser.token(link), "password": PASSWORD}
    assert browser.post(link, form).status_code == 303
    form["csrf_token"] = browser.token("/register")
    assert browser.post(link, form).status_code == 410
    assert browser.get(link).status_code == 410


def test_a_link_is_not_eaten_by_a_scanner(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com")
    link = mailbox.last_link()
    for method in ("GET", "HEAD", "GET"):
        browser.client.open(link, method=method, base_url="http://localhost:8000")
    assert browser.submit(link, password=PASSWORD).status_code == 303


def test_an_older_link_is_refused_after_a_newer_one(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com")
    older = mailbox.last_link()
    browser.register("ada@example.com")
    assert browser.get(older).status_code == 410
    assert browser.get(mailbox.last_link()).status_code == 200


def test_a_token_is_refused_for_another_purpose(app: Flask, user: str) -> None:
    with app.app_context():
        from datetime import timedelta

        secret = tokens.issue("something_else", timedelta(hours=1))
        with pytest.raises(tokens.TokenRefused):
            tokens.get(service.CONFIRM_EMAIL, secret)


@pytest.mark.asvs("6.5.1")
def test_of_two_who_use_one_token_one_is_refused(app: Flask) -> None:
    with app.app_context():
        from datetime import timedelta

        secret = tokens.issue("race", timedelta(hours=1))
        first = second = tokens.get("race", secret)
        tokens.consume(first)
        with pytest.raises(tokens.TokenRefused):
            tokens.consume(second)


def test_a_link_of_an_account_that_was_switched_off_is_refused(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    browser.register("ada@example.com")
    with app.app_context():
        service.deactivate(service.get_user("ada@example.com"))
        db.session.commit()
    assert browser.submit(mailbox.last_link(), password=PASSWORD).status_code == 410


def test_guessing_the_password_of_a_link_is_stopped(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com")
    link = mailbox.last_link()
    for _ in range(5):
        assert browser.submit(link, password="wrong-wrong-wrong").status_code == 422
    stopped = browser.submit(link, password=PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0


@pytest.mark.parametrize("forged", ["evil.com", "localhost.evil.com"])
def test_a_mailed_link_never_follows_the_request(
    browser: Browser, mailbox: Mailbox, forged: str
) -> None:
    token = browser.token("/register")
    form = {
        "csrf_token": token,
        "name": "Ada",
        "email": "ada@example.com",
        "password": PASSWORD,
    }
    browser.post("/register", form, headers={"Host": forged})
    browser.post("/register", form, headers={"X-Forwarded-Host": forged, "Forwarded": forged})
    for _, _, text in mailbox.mails():
        assert forged not in text
        assert "http://localhost:8000/" in text


@pytest.mark.asvs("2.2.2", "8.2.3", "15.3.3")
def test_fields_nobody_asked_for_are_ignored(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    browser.register(
        "ada@example.com",
        id="1000",
        confirmed_at="2020-01-01",
        active="0",
        is_admin="1",
        public_id="chosen",
        password_hash="x",
    )
    with app.app_context():
        found = service.get_user("ada@example.com")
        assert found.id == 1
        assert found.confirmed_at is None
        assert found.active
        assert found.public_id != "chosen"


def test_one_inbox_is_not_flooded(browser: Browser, app: Flask, mailbox: Mailbox) -> None:
    with app.app_context():
        for _ in range(10):
            service.register(name="Ada", email="ada@example.com", password=PASSWORD)
        db.session.commit()
    assert len(mailbox.mails("ada@example.com")) == 6


@pytest.mark.asvs("6.3.7")
def test_a_flood_of_one_kind_of_mail_does_not_keep_back_another(
    app: Flask, mailbox: Mailbox
) -> None:
    """A stranger asks for mails until the limit, so that the owner misses the notice."""
    with app.app_context():
        for _ in range(10):
            post_mail("accounts/mail/already_registered", "ada@example.com", name="Ada")
        post_mail("accounts/mail/erased", "ada@example.com", name="Ada")
        db.session.commit()
    subjects = [subject for _, subject, _ in mailbox.mails("ada@example.com")]
    assert len(subjects) == 7
    assert subjects[-1] != subjects[0]


@pytest.mark.asvs("1.5.2")
def test_the_queue_runs_no_code_that_was_put_into_it(app: Flask, tmp_path: Path) -> None:
    """Whoever can write into Redis must not run code here, as with pickled tasks they could."""
    app.config["JOBS_STORAGE"] = f"sqlite:///{tmp_path}/jobs.db"
    queue = open_queue(app)
    target = tmp_path / "made"
    queue.storage.enqueue(pickle.dumps(Planted(target)))
    with pytest.raises(ValueError, match=r"utf-8|Expecting value"):
        queue.dequeue()
    assert not target.exists()
    pickle.loads(pickle.dumps(Planted(target)))  # noqa: S301 - so it would have been
    assert target.exists()


class Planted:
    """Makes a file when it is unpickled."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.target,)


@pytest.mark.asvs("11.4.2")
def test_the_database_holds_no_secret_in_plain(
    browser: Browser, mailbox: Mailbox, tmp_path: Path, app: Flask
) -> None:
    browser.register("ada@example.com")
    link_token = mailbox.last_link().rpartition("/")[2]
    with app.app_context():
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    stored = (tmp_path / "test.db").read_bytes()
    assert b"ada@example.com" in stored
    assert PASSWORD.encode() not in stored
    assert link_token.encode() not in stored


@pytest.mark.asvs("16.2.5")
def test_secrets_do_not_reach_the_log(
    app: Flask, browser: Browser, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.post("/break/<token>")
    @public
    def broken(token: str) -> str:
        logging.getLogger("app").warning("password=%s token: %s", PASSWORD, token)
        db.session.add(User(name="x", email=None, password_hash="canary-hash"))  # type: ignore[arg-type]
        db.session.commit()
        raise AssertionError(token)

    assert logging.getLogger("app").isEnabledFor(logging.INFO)
    browser.register("ada@example.com")
    link = mailbox.last_link()
    browser.get(link)
    secret = link.rpartition("/")[2]
    answer = browser.submit(f"/break/{secret}", form="/register", password=PASSWORD)
    assert answer.status_code == 500
    written = "".join(capsys.readouterr())
    assert "POST /break/<token> 500" in written
    for canary in (PASSWORD, secret, "canary-hash"):
        assert canary not in written


@pytest.mark.asvs("1.1.2")
def test_html_in_a_name_stays_text(browser: Browser, mailbox: Mailbox) -> None:
    browser.register("ada@example.com", name="<script>alert(1)</script>")
    browser.submit(mailbox.last_link(), password=PASSWORD)
    assert "<script>alert" not in browser.get("/").text


@pytest.mark.asvs("1.3.11")
def test_a_name_that_forges_lines_is_refused(browser: Browser, app: Flask, case: Case) -> None:
    for name in ("line\nbreak", "nul\0", "x" * 101, "", "   "):
        with case(name=name):
            assert browser.register("ada@example.com", name=name).status_code == 422
            with app.app_context():
                assert db.session.scalars(select(User)).all() == []


NO_ADDRESSES = [
    "",
    "x",
    "a@b",
    "a@b@c.com",
    "a@[127.0.0.1]",
    "a" * 400 + "@example.com",
    "a\0@b.com",
]


def test_what_is_no_address_is_refused(browser: Browser, case: Case) -> None:
    for email in NO_ADDRESSES:
        with case(email=email):
            answer = browser.register(email)
            assert answer.status_code == 422
            assert "field-problem" in answer.text
