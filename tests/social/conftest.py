"""Somebody who goes to a provider and comes back, with the local one as the other end."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.service import get_user
from app.extensions import db
from app.login.models import LoginSession
from app.social.local_server import open_server
from app.social.models import SocialIdentity
from tests.conftest import Browser
from tests.house.databases import free_port

HOME = "http://localhost:8000"
ADA, EMMY = "ada@example.com", "emmy@example.com"


@pytest.fixture
def settings(settings: dict[str, str]) -> dict[str, str]:
    """The usual settings, with a place of its own for the local provider."""
    return {**settings, "LOCAL_PROVIDER_PORT": str(free_port())}


@pytest.fixture
def local(app: Flask) -> Iterator[None]:
    """The local provider, serving."""
    server = open_server(app)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def own_path(location: str) -> str:
    """Return path and query of an address of ours."""
    assert location.startswith(HOME), location
    return location.removeprefix(HOME)


@dataclass
class Traveller:
    """A browser whose owner goes to a provider and comes back as somebody."""

    browser: Browser

    def leave(self, path: str) -> str:
        """Follow a link to a provider and return the address there."""
        answer = self.browser.get(path)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def answer(self, address: str, persona: str) -> str:
        """Say at the local provider who one is, and return the path it sends back to."""
        there = requests.post(address, data={"sub": persona}, allow_redirects=False, timeout=30)
        return own_path(there.headers["Location"])

    def go(self, persona: str, provider: str = "google", *, path: str = "") -> TestResponse:
        """Go and come back; the answer is that of the callback."""
        address = self.leave(path or f"/social/{provider}/start")
        return self.browser.get(self.answer(address, persona))

    def link(self, persona: str, provider: str = "google") -> TestResponse:
        """Link somebody to the account that is signed in, button included."""
        came = self.go(persona, provider, path=f"/account/social/{provider}/link")
        assert came.status_code == 303, came.text
        return self.browser.submit("/account/social/confirm")


@pytest.fixture
def traveller(local: None, browser: Browser) -> Traveller:
    """Somebody at one browser."""
    return Traveller(browser)


@pytest.fixture
def new_traveller(local: None, new_browser: Callable[..., Browser]) -> Callable[[], Traveller]:
    """Further people, each at a browser of their own."""
    return lambda: Traveller(new_browser())


def asked(address: str) -> dict[str, str]:
    """Return the parameters of an address at a provider."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def identities(app: Flask) -> list[tuple[str, str, str]]:
    """Return who opens what: provider, subject, and the address of the account."""
    with app.app_context():
        rows = db.session.execute(
            db.select(SocialIdentity.provider, SocialIdentity.subject, User.email)
            .join(User, User.id == SocialIdentity.user_id)
            .order_by(SocialIdentity.id)
        )
        return [(provider, subject, email) for provider, subject, email in rows]


def accounts(app: Flask) -> list[str]:
    """Return the addresses of all accounts."""
    with app.app_context():
        return list(db.session.scalars(db.select(User.email).order_by(User.id)))


def sessions(app: Flask) -> int:
    """Return how many sign-ins there have ever been."""
    with app.app_context():
        return db.session.scalar(db.select(db.func.count()).select_from(LoginSession)) or 0


def link_identity(
    app: Flask,
    email: str,
    provider: str = "github",
    subject: str = "900",
    account_name: str = "octavia",
) -> None:
    """Let somebody at a provider open an account, without the way there."""
    with app.app_context():
        identity = SocialIdentity(
            user_id=get_user(email).id,
            provider=provider,
            subject=subject,
            account_name=account_name,
        )
        db.session.add(identity)
        db.session.commit()


def heading(answer: TestResponse) -> str:
    """Return what a page is called."""
    return answer.text.partition("<h1>")[2].partition("</h1>")[0]
