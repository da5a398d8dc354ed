"""The house as a visitor sees it."""

import re

import pytest
from flask import Flask

from app.core.access import public
from tests.conftest import Browser


def test_the_home_page_says_what_is_in_the_house(browser: Browser) -> None:
    page = browser.get("/")
    assert page.status_code == 200
    assert "Example House" in page.text
    assert "app/site/" in page.text


def test_a_page_names_its_icon(browser: Browser) -> None:
    """Else a browser asks for /favicon.ico by itself, which is not there."""
    found = re.search(r'<link rel="icon" href="([^"]+)"', browser.get("/").text)
    assert found
    with browser.get(found[1]) as icon:
        assert icon.status_code == 200


@pytest.mark.asvs("13.4.5")
def test_health_is_live_and_ready(browser: Browser) -> None:
    assert browser.get("/health/live").json == {"status": "live"}
    assert browser.get("/health/ready").json == {"status": "ready"}


def test_health_answers_under_any_host(browser: Browser) -> None:
    assert browser.get("/health/live", base_url="http://10.1.2.3").status_code == 200


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/nothing-here", "GET", 404), ("/health/live", "DELETE", 405)]
)
def test_refusals_have_a_page_with_the_way_back(
    browser: Browser, path: str, method: str, status: int
) -> None:
    page = browser.client.open(path, method=method, base_url="http://localhost:8000")
    assert page.status_code == status
    assert str(status) in page.text
    assert 'href="/"' in page.text


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500])
def test_every_refusal_that_can_happen_has_a_sentence(app: Flask, status: int) -> None:
    from werkzeug.exceptions import abort

    @app.get("/refuse")
    @public
    def refuse() -> None:
        abort(status)

    page = Browser(app).get("/refuse")
    assert page.status_code == status
    assert f"Error {status}" not in page.text
    assert "Home page" in page.text


def test_a_crash_is_a_page_and_not_a_traceback(app: Flask) -> None:
    @app.get("/crash")
    @public
    def crash() -> str:
        raise RuntimeError("the-reason-inside")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    page = Browser(app).get("/crash")
    assert page.status_code == 500
    assert "Something broke on our side" in page.text
    assert "the-reason-inside" not in page.text


def test_127_0_0_1_leads_to_localhost(browser: Browser) -> None:
    answer = browser.get("/?a=1", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 307
    assert answer.headers["Location"] == "http://localhost:8000/?a=1"


def test_every_request_has_an_id(browser: Browser) -> None:
    first, second = browser.get("/"), browser.get("/")
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
