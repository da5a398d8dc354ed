"""What must never happen at the API's face: an answer that a program cannot read."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from app import create_app
from app.core.access import public
from app.core.errors import Busy
from tests.api.forge import Explorer
from tests.conftest import Browser
from tests.house.test_rules import address

KNOWN = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
METHODS = KNOWN | {"TRACE", "TRACK", "CONNECT", "PROPFIND", "MKCOL", "DEBUG", "FOO", "get", "QUERY"}

NOWHERE = ["/api", "/api/", "/api/v1", "/api/v1/", "/api/v2/me", "/api/v1/me/", "/api/v1/%ff"]
NOWHERE += ["/api/../login", "/api/v1//me", "/api//v1/me", "/api/v1/me%00", "/api/%2e%2e/login"]


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    """Every refusal is one object of one media type (RFC 9457)."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    said = json.loads(answer.data)
    assert (said["status"], said["code"]) == (status, code)
    assert {"type", "title", "detail"} <= set(said)
    assert said["detail"]
    assert "Traceback" not in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.fixture
def explorer(app: Flask, user: str) -> Explorer:
    """Somebody who has signed in, and looks around."""
    explorer = Explorer(app)
    assert explorer.sign_in(user).status_code == 200
    return explorer


@pytest.fixture
def broken(app: Flask) -> Flask:
    """A house with views that fail in every way; it answers as it would to strangers."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail(error: Exception) -> Callable[[], str]:
        def view() -> str:
            raise error

        return public(view)

    errors = {"bug": RuntimeError("k0-secret"), "busy": Busy(), "down": ServiceUnavailable()}
    for name, error in errors.items():
        app.add_url_rule(f"/api/v1/{name}", f"api_{name}", fail(error))
        app.add_url_rule(f"/{name}", f"page_{name}", fail(error))
    return app


@pytest.mark.asvs("4.1.1", "16.5.1")
def test_a_failure_is_refused_in_the_form_of_the_face_that_was_asked(broken: Flask) -> None:
    program, browser = Explorer(broken), Browser(broken)
    for name, status, code in (
        ("bug", 500, "internal_error"),
        ("busy", 503, "busy"),
        ("down", 503, "service_unavailable"),
    ):
        answer = program.get(f"/{name}")
        assert_problem(answer, status, code)
        assert "k0-secret" not in answer.text
        page = browser.get(f"/{name}")
        assert (page.status_code, page.mimetype) == (status, "text/html")


@pytest.mark.asvs("4.1.1")
def test_what_is_not_there_is_refused_in_the_form_of_the_face_that_was_asked(app: Flask) -> None:
    browser = Browser(app)
    for path in NOWHERE:
        assert_problem(browser.get(path), 404, "not_found")
    for path in ("/apifoo", "/apifoo/v1", "/Api/v1/me", "/API/v1/me", "/xapi/v1/me", "//api/v1/me"):
        answer = browser.get(path)
        assert answer.mimetype == "text/html", path
        assert answer.status_code in (404, 308), path


@pytest.mark.asvs("4.1.4", "13.4.4")
def test_a_method_that_is_not_served_is_refused_everywhere(app: Flask) -> None:
    program, walked = Explorer(app), 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            path = address(app, rule).removeprefix("/api/v1")
            served = {
                m for r in app.url_map.iter_rules() if r.rule == rule.rule for m in r.methods or ()
            }
            for method in METHODS - served - {"get"}:
                answer = program.call(method, path)
                assert answer.status_code == 405, f"{method} {path}"
                if method != "HEAD":
                    assert_problem(answer, 405, "method_not_allowed")
                assert set(answer.headers["Allow"].split(", ")) == served
                walked += 1
    assert walked > 50


@pytest.mark.asvs("4.1.4")
def test_a_method_named_elsewhere_than_in_the_request_is_refused(
    explorer: Explorer,
) -> None:
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = explorer.get("/auth/logout", headers={header: "POST"})
        assert answer.status_code == 405
        answer = explorer.get("/auth/logout?_method=POST", headers={header: "POST"})
        assert answer.status_code == 405
    assert explorer.is_signed_in()


@pytest.mark.asvs("4.1.1", "4.2.2")
def test_no_answer_is_of_an_unnamed_kind(app: Flask, explorer: Explorer) -> None:
    """Each with a body says what it is; each says how long it is, and keeps its word."""
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        path = address(app, rule).removeprefix("/api/v1")
        for method in (rule.methods or set()) - {"DELETE"}:
            for headers in ({}, {"Authorization": "Bearer x"}):
                answer = explorer.call(method, path, headers=headers)
                if method == "HEAD":
                    assert answer.data == b""
                elif answer.data:
                    kind = answer.content_type
                    assert kind in ("application/json", "application/problem+json"), rule.rule
                    json.loads(answer.data)
                    assert int(answer.headers["Content-Length"]) == len(answer.data)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Cache-Control"] == "no-store"
                assert "Server" not in answer.headers


def test_a_look_without_a_body_is_refused_like_a_look(explorer: Explorer) -> None:
    assert explorer.call("HEAD", "/me").status_code == 200
    explorer.access_token = "x.y.z"
    answer = explorer.call("HEAD", "/me")
    assert (answer.status_code, answer.data) == (401, b"")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


@pytest.mark.asvs("4.1.1")
def test_a_foreign_host_is_refused_in_the_form_of_the_face_that_was_asked(app: Flask) -> None:
    answer = Explorer(app).get("/me", base_url="http://evil.example.com")
    assert_problem(answer, 400, "unknown_host")
    assert "evil" not in answer.text
    page = Browser(app).get("/login", base_url="http://evil.example.com")
    assert (page.status_code, page.mimetype) == (400, "text/plain")


def test_guessing_too_often_is_refused_with_the_time_to_wait(app: Flask) -> None:
    program = Explorer(app)
    answers = [program.sign_in(f"n{n}@example.com") for n in range(11)]
    assert {answer.status_code for answer in answers[:10]} == {401}
    assert_problem(answers[10], 429, "too_many_attempts")
    assert 1 <= int(answers[10].headers["Retry-After"]) <= 61


@pytest.mark.asvs("4.1.2")
def test_a_call_in_the_open_is_refused_where_the_site_is_on_https(
    settings: dict[str, str],
) -> None:
    """Refused before anything in it is looked at, and never sent on: the token is burnt."""
    production = {"APP_ENV": "production", "BCRYPT_ROUNDS": "10", "SMTP_URL": "smtp://localhost"}
    on_https = {**settings, **production, "PUBLIC_URL": "https://a.example.com"}
    house, behind = create_app(on_https), create_app({**on_https, "TRUSTED_PROXIES": "1"})
    program = Explorer(house)
    for method, path in (("GET", "/me"), ("POST", "/auth/token"), ("GET", "/nothing")):
        answer = program.call(method, path, base_url="http://a.example.com")
        assert_problem(answer, 403, "https_required")
        assert "TRUSTED_PROXIES" in answer.json["detail"]
        assert "Location" not in answer.headers
    claim = {"base_url": "http://a.example.com", "headers": {"X-Forwarded-Proto": "https"}}
    assert_problem(program.get("/me", **claim), 403, "https_required")
    assert_problem(Explorer(behind).get("/me", **claim), 401, "credentials_missing")
    assert_problem(program.get("/me", base_url="https://a.example.com"), 401, "credentials_missing")
    assert Browser(house).get("/", base_url="http://a.example.com").status_code == 200


def test_a_page_refuses_what_it_refused_before(app: Flask, signed_in: Browser) -> None:
    """The API's face is for its own path: a page's refusals stay pages."""
    answers = {
        404: signed_in.get("/nothing"),
        405: signed_in.get("/logout"),
        400: signed_in.post("/login"),
        413: signed_in.post("/login", "x" * (2**20 + 1)),
    }
    for status, answer in answers.items():
        assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert signed_in.get("/account", headers={"Accept": "application/json"}).mimetype == "text/html"


def test_a_program_is_not_sent_to_another_name_in_development(explorer: Explorer) -> None:
    here = {"base_url": "http://127.0.0.1:8000"}
    assert explorer.get("/me", **here).status_code == 200
    assert explorer.client.get("/login", **here).status_code == 307
