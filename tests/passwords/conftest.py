"""States of an account that the tests of passwords begin with."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import bcrypt
import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts import service as accounts
from app.core.access import public
from app.extensions import db
from app.login import browser as door
from tests.conftest import Browser, Mailbox
from tests.login.riddle import add_riddle_page, ask_riddle
from tests.passwords.leaks import Leaks

NEW_PASSWORD = "copper-window-eleven-moss"


@pytest.fixture
def ask(mailbox: Mailbox) -> Callable[[Browser, str], str]:
    """Ask for a link in a browser and return the one that was mailed."""

    def ask_and_look(browser: Browser, email: str) -> str:
        assert browser.submit("/password/forgot", email=email).status_code == 303
        return mailbox.last_link(email)

    return ask_and_look


@pytest.fixture
def without_password(app: Flask) -> Browser:
    """Somebody who is signed in to an account without a password."""

    @app.get("/toy/sign-in")
    @public
    def toy_sign_in() -> object:
        return door.arrive(accounts.get_user("grace@example.com"), amr=("toy",))

    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=None, confirmed=True)
        db.session.commit()
    browser = Browser(app)
    assert browser.get("/toy/sign-in").status_code == 303
    return browser


@pytest.fixture
def riddle(app: Flask) -> None:
    """A house in which everybody must also answer a riddle."""

    add_riddle_page(app)
    ask_riddle(app)


@contextmanager
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count statements by their verb and hashes of passwords."""
    work: Counter[str] = Counter()

    def statement(*call: object) -> None:
        work[str(call[2]).split()[0]] += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", statement)
    with monkeypatch.context() as patched:
        for name in ("hashpw", "checkpw"):
            real = getattr(bcrypt, name)
            patched.setattr(bcrypt, name, lambda *a, real=real: work.update(hash=1) or real(*a))
        yield work
    event.remove(engine, "before_cursor_execute", statement)


@pytest.fixture
def leaks() -> Iterator[Leaks]:
    """A service that knows leaked passwords."""
    service = Leaks()
    service.start()
    yield service
    service.stop()
