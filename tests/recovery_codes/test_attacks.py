"""Attacks on recovery codes that are refused."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.recovery_codes import service
from tests.conftest import Browser, Clock, Mailbox
from tests.house.databases import AT_ONCE, at_once
from tests.recovery_codes.conftest import codes_on, give_both, give_codes
from tests.recovery_codes.test_recovery_codes import ADA, PAGE, STEP
from tests.totp.conftest import set_up_authenticator

GRACE = "grace@example.com"
Another = Callable[..., Browser]


def give(browser: Browser, code: str) -> int:
    """Sign in with the password and a code, and return how the code was answered."""
    assert browser.sign_in(ADA).headers["Location"] == "/login/second-factor"
    return browser.submit(STEP, code=code).status_code


@pytest.mark.asvs("6.5.1")
def test_a_code_that_was_used_is_refused(app: Flask, user: str, new_browser: Another) -> None:
    _, codes = give_both(app, user)
    assert give(new_browser(), codes[0]) == 303
    assert give(new_browser(), codes[0]) == 422


@pytest.mark.asvs("6.5.1", "2.3.4")
def test_of_many_who_bring_one_code_all_but_one_are_refused(served: Flask) -> None:
    with served.app_context():
        accounts.create(email=ADA, name="Ada", password=None, confirmed=True)
        db.session.commit()
        user_id = accounts.get_user(ADA).id
    code = give_codes(served, ADA)[0]

    def bring(_: int) -> str:
        with served.app_context():
            try:
                service.use(user_id, code)
            except service.CodeRefused:
                db.session.rollback()
                return "refused"
            db.session.commit()
            return "taken"

    assert sorted(at_once(bring)) == ["refused"] * (AT_ONCE - 1) + ["taken"]


def test_a_code_of_somebody_else_is_refused(app: Flask, user: str, new_browser: Another) -> None:
    with app.app_context():
        accounts.create(email=GRACE, name="Grace", password=None, confirmed=True)
        db.session.commit()
    give_both(app, user)
    _, hers = give_both(app, GRACE)
    assert give(new_browser(), hers[0]) == 422


@pytest.mark.parametrize("code", ["", "-", "0" * 24, "%", "*", "\0", "' OR 1=1 --", "x" * 64])
def test_what_is_no_code_is_refused(app: Flask, user: str, new_browser: Another, code: str) -> None:
    give_both(app, user)
    assert give(new_browser(), code) == 422


def test_a_code_without_a_factor_is_no_second_factor(
    app: Flask, user: str, browser: Browser
) -> None:
    """Saved codes that were left over must not be asked for, and open nothing."""
    give_codes(app, user)
    assert browser.sign_in(user).headers["Location"] == "/"


@pytest.mark.asvs("7.5.1")
def test_codes_are_refused_to_whoever_finds_an_open_session(
    signed_in: Browser, moving_clock: Clock
) -> None:
    set_up_authenticator(signed_in)
    moving_clock.forward(minutes=9)
    signed_in.get(PAGE)
    assert len(codes_on(signed_in)) == 10
    moving_clock.forward(minutes=2)
    for path in (PAGE, f"{PAGE}/download"):
        assert signed_in.get(path).headers["Location"].startswith("/reauthenticate")


def test_codes_are_refused_after_ten_minutes_also_to_their_owner(
    signed_in: Browser, moving_clock: Clock
) -> None:
    set_up_authenticator(signed_in)
    moving_clock.forward(minutes=11)
    signed_in.submit("/reauthenticate", password="orbit-lantern-maple-quiet")
    assert signed_in.get(PAGE).status_code == 200
    assert codes_on(signed_in) == []


@pytest.mark.asvs("6.5.2", "11.4.2")
def test_no_code_is_found_in_database_logs_addresses_or_mails(
    signed_in: Browser, mailbox: Mailbox, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    set_up_authenticator(signed_in)
    signed_in.get(PAGE)
    codes = codes_on(signed_in)
    signed_in.get(f"{PAGE}/download")
    signed_in.submit("/reauthenticate/recovery_code", code=codes[0])
    written = capfd.readouterr()
    with closing(sqlite3.connect(tmp_path / "test.db")) as tables:
        stored = "\n".join(tables.iterdump())
    places = [stored, written.out, written.err, *(text for _, _, text in mailbox.mails(ADA))]
    for place in places:
        for code in codes:
            assert code not in place
            assert code.replace("-", "") not in place


def test_an_open_redirect_is_refused(signed_in: Browser) -> None:
    set_up_authenticator(signed_in)
    page = signed_in.get(f"{PAGE}?next=https://evil.example/")
    assert "evil.example" not in page.text
    done = signed_in.submit(f"{PAGE}/saved", form=PAGE, next="//evil.example/")
    assert done.headers["Location"] == "/"
