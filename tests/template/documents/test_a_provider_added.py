"""The provider of the how-to page, written as the page says, signs somebody in."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask, jsonify, request

from app import create_app
from app.core.project import ROOT
from app.extensions import db
from app.social import providers
from tests.conftest import Browser
from tests.social.conftest import Traveller, accounts, asked, identities
from tests.social.liar import Liar

PAGE = ROOT / "docs" / "how-to" / "add-a-provider.md"
CAPTION = ":caption: app/social/facebook.py\n\n"


class Facebook(Liar):
    """A provider that answers as Facebook does: no word on whether the address is proved."""

    def _routes(self, app: Flask) -> None:
        app.post("/oauth/access_token")(self._token)
        app.get("/me")(self._me)

    def _me(self) -> Any:
        assert request.args["fields"] == "id,name,email"
        return jsonify(id="fb-1", name="Ada Lovelace", email="ada@example.com")


@pytest.fixture
def app(
    settings: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """An application with the class of the page, and a provider for it."""
    code = re.split(r"^```$", PAGE.read_text("utf-8").partition(CAPTION)[2], flags=re.MULTILINE)[0]
    module = ModuleType("app.social.facebook")
    exec(compile(code, str(PAGE), "exec"), vars(module))  # noqa: S102 - our own page
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(providers.KINDS, "facebook", module.Facebook)
    facebook = Facebook()
    keys = {"CLIENT_ID": "gatehouse", "CLIENT_SECRET": "secret", "URL": facebook.url}
    application = create_app(
        {
            **settings,
            **{f"FACEBOOK_{name}": value for name, value in keys.items()},
            "SOCIAL_PROVIDERS": "facebook",
            "DATABASE_URL": f"sqlite:///{tmp_path}/facebook.db",
        }
    )
    application.extensions["facebook"] = facebook
    with application.app_context():
        db.create_all()
    yield application
    facebook.close()
    with application.app_context():
        db.engine.dispose()


def come_back(app: Flask, browser: Browser, path: str) -> Any:
    began = Traveller(browser).leave(path)
    answer = app.extensions["facebook"].callback(asked(began))
    return browser.get("/social/facebook/callback", query_string=answer)


def test_whoever_linked_it_is_signed_in(
    app: Flask, signed_in: Browser, user: str, new_browser: Callable[..., Browser]
) -> None:
    assert "Link Facebook" in signed_in.get("/account/social").text
    came = come_back(app, signed_in, "/account/social/facebook/link")
    assert came.headers["Location"] == "/account/social/confirm"
    signed_in.submit("/account/social/confirm")
    assert identities(app) == [("facebook", "fb-1", user)]
    other = new_browser()
    assert come_back(app, other, "/social/facebook/start").status_code == 303
    assert other.is_signed_in()


def test_an_address_that_it_does_not_prove_makes_no_account(app: Flask, browser: Browser) -> None:
    assert come_back(app, browser, "/social/facebook/start").status_code == 403
    assert accounts(app) == []


def test_it_takes_twenty_lines_or_so() -> None:
    code = PAGE.read_text("utf-8").partition(CAPTION)[2].partition("```")[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 25
