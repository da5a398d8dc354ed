"""When many come at once, on SQLite and PostgreSQL."""

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts import service as accounts
from app.accounts.models import User
from app.core import clock
from app.core.outbox import OutboxMail
from app.extensions import db
from app.profile.models import AccountDeletion
from tests.conftest import PASSWORD, Browser, Mailbox
from tests.house.databases import AT_ONCE, at_once
from tests.profile.test_deletion import erase
from tests.profile.test_profile import NEW, ask

pytestmark = pytest.mark.slow


def count(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def people(app: Flask, number: int) -> list[Browser]:
    """Return browsers, each with its own account, signed in."""
    with app.app_context():
        password = accounts.hashing.hash_password(PASSWORD)
        for n in range(number):
            user = accounts.create(
                email=f"n{n}@example.com", name=f"n{n}", password=None, confirmed=True
            )
            user.password_hash = password
        db.session.commit()
    browsers = [Browser(app, f"203.0.113.{n}") for n in range(number)]
    for n, browser in enumerate(browsers):
        browser.sign_in(f"n{n}@example.com")
    return browsers


@pytest.fixture
def ada(served: Flask) -> list[Browser]:
    """Many browsers of one account, signed in."""
    first = people(served, 1)
    others = [Browser(served, f"198.51.100.{n}") for n in range(AT_ONCE - 1)]
    for browser in others:
        browser.sign_in("n0@example.com")
    return first + others


@pytest.mark.asvs("2.3.4")
def test_of_many_accounts_that_want_one_address_one_gets_it(served: Flask) -> None:
    browsers = people(served, AT_ONCE)
    links = []
    for browser in browsers:
        ask(browser)
        links.append(Mailbox(served).last_link(NEW))
        with served.app_context():  # or the limit for one inbox would be met
            db.session.execute(update(OutboxMail).values(recipient="elsewhere@example.com"))
            db.session.commit()
    forms = [{"csrf_token": browser.token(links[n])} for n, browser in enumerate(browsers)]
    statuses = at_once(lambda n: browsers[n].post(links[n], forms[n]).status_code)
    assert sorted(statuses) == [303] + [409] * (AT_ONCE - 1)
    with served.app_context():
        addresses = db.session.scalars(select(User.email)).all()
    winner = statuses.index(303)
    assert set(addresses) == {NEW, *(f"n{n}@example.com" for n in range(AT_ONCE) if n != winner)}


@pytest.mark.asvs("2.3.4")
def test_of_many_who_press_one_way_back_one_wins(served: Flask, ada: list[Browser]) -> None:
    ask(ada[0])
    ada[0].submit(Mailbox(served).last_link(NEW))
    link = Mailbox(served).last_link("n0@example.com")
    tokens = [browser.token(link) for browser in ada]
    statuses = at_once(lambda n: ada[n].post(link, {"csrf_token": tokens[n]}).status_code)
    assert sorted(statuses) == [303] + [410] * (AT_ONCE - 1)
    with served.app_context():
        assert accounts.find_user("n0@example.com")


def test_of_many_windows_that_ask_for_deletion_one_deletion_comes(
    served: Flask, ada: list[Browser]
) -> None:
    tokens = [browser.token("/account/delete") for browser in ada]
    statuses = at_once(
        lambda n: ada[n].post("/account/delete", {"csrf_token": tokens[n]}).status_code
    )
    assert set(statuses) == {303}
    assert count(served, AccountDeletion) == 1
    told = [subject for _, subject, _ in Mailbox(served).mails("n0@example.com")]
    assert told.count("Your account at Example House will be erased") == 1


def test_of_many_workers_each_account_is_erased_by_one(served: Flask) -> None:
    for browser in people(served, 3):
        browser.submit("/account/delete")
    with served.app_context():
        db.session.execute(update(AccountDeletion).values(erase_at=clock.now()))
        db.session.commit()
    erased = at_once(lambda _: erase(served))
    assert sum(erased) == 3
    assert count(served, User) == 0
    assert count(served, OutboxMail) == 3


@pytest.mark.asvs("2.3.3")
def test_an_account_is_kept_or_erased_and_never_half_of_each(served: Flask) -> None:
    (browser,) = people(served, 1)
    browser.submit("/account/delete")
    link = Mailbox(served).last_link()
    with served.app_context():
        db.session.execute(update(AccountDeletion).values(erase_at=clock.now()))
        db.session.commit()
    keepers = [Browser(served) for _ in range(AT_ONCE)]
    tokens = [keeper.token(link) for keeper in keepers]

    def keep_or_erase(n: int) -> int:
        if n % 2:
            return erase(served)
        return keepers[n].post(link, {"csrf_token": tokens[n]}).status_code

    results = at_once(keep_or_erase)
    assert results.count(303) + results.count(1) == 1
    assert set(results) <= {303, 410, 0, 1}
    assert count(served, User) == results.count(303)
    assert count(served, AccountDeletion) == 0
