"""What must never happen by the Authorization header: that it is half understood."""

import pytest
from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from tests.conftest import Browser, Program


def ask(app: Flask, *values: str, **more: str) -> TestResponse:
    """Ask who you are with the header as it stands, once for each value."""
    headers = Headers([("Authorization", value) for value in values])
    headers.extend(more)
    return app.test_client().get("/api/v1/me", headers=headers, base_url="http://localhost:8000")


def refusal(answer: TestResponse) -> tuple[int, str, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"], answer.headers["WWW-Authenticate"]


INVALID = (401, "invalid_token", 'Bearer realm="api", error="invalid_token"')
UNKNOWN = (401, "unknown_scheme", 'Bearer realm="api"')
MISSING = (401, "credentials_missing", 'Bearer realm="api"')


def test_a_missing_header_is_refused(app: Flask) -> None:
    assert refusal(ask(app)) == MISSING


def test_a_header_of_another_scheme_is_refused(app: Flask, signed_in_program: Program) -> None:
    token = signed_in_program.access_token
    schemes = ["Token", "Basic", "Digest", "JWT", "BearerX", "Bear", "x-Bearer", "Bearer:", "DPoP"]
    values = [f"{scheme} {token}" for scheme in schemes]
    values += [
        "",
        " ",
        "\t",
        token,
        f"Bearer\t{token}",
        f"Bearer\x0b{token}",
        f"\u00a0Bearer {token}",
    ]
    values += [f"Bearer\u00a0{token}", f"Bearer,{token}", f"Bearer={token}", f'"Bearer" {token}']
    for value in values:
        assert refusal(ask(app, value)) == UNKNOWN, value


def test_a_header_without_one_whole_token_is_refused(
    app: Flask, signed_in_program: Program
) -> None:
    token = signed_in_program.access_token
    values = ["Bearer", "Bearer ", "Bearer  ", "bearer", "Bearer x", "Bearer x.y.z", "Bearer a b"]
    values += [
        f"Bearer {token} {token}",
        f"Bearer {token},",
        f"Bearer {token};",
        f"Bearer <{token}>",
    ]
    values += [f"Bearer Bearer {token}", f"Bearer {token}\u00a0", f"Bearer \t{token}"]
    values += [f"Bearer {token}{mark}" for mark in "\x00\x01\x08\x0b\x0c\x1c\x1f\x7f\x85\u00e9"]
    values += [f"Bearer token={token}", f'Bearer "{token}"', f"Bearer realm=api, {token}"]
    for value in values:
        assert refusal(ask(app, value)) == INVALID, value


def test_a_line_break_in_the_header_is_refused(app: Flask, signed_in_program: Program) -> None:
    """A server never hands one on; if one did, it would be no part of a token."""
    for mark in ("\r\n", "\n", "\r", "\r\nX-More: 1"):
        raw = {"HTTP_AUTHORIZATION": f"Bearer {signed_in_program.access_token}{mark}"}
        assert refusal(signed_in_program.client.get("/api/v1/me", environ_overrides=raw)) == INVALID


def test_two_headers_are_refused(app: Flask, signed_in_program: Program) -> None:
    """Whoever stands before us may have looked at the other one."""
    good = f"Bearer {signed_in_program.access_token}"
    for pair in ((good, good), (good, "Bearer x"), ("Bearer x", good), (good, "Basic eDp5")):
        assert refusal(ask(app, *pair)) == INVALID
    assert refusal(ask(app, "Basic eDp5", good)) == UNKNOWN


def test_the_name_of_a_scheme_has_no_case(app: Flask, signed_in_program: Program) -> None:
    """RFC 9110, section 11.1. Blanks around are no part of it."""
    token = signed_in_program.access_token
    for value in ("Bearer", "bearer", "BEARER", "bEaReR", "Bearer ", " Bearer"):
        assert ask(app, f"{value} {token}").status_code == 200, value
    assert ask(app, f"Bearer {token} \t").status_code == 200


def test_a_token_anywhere_else_is_refused(
    app: Flask, signed_in_program: Program, browser: Browser
) -> None:
    """A query stands in logs and histories (RFC 6750, section 5.3); a cookie is sent unasked."""
    token = signed_in_program.access_token
    for header in ("X-Authorization", "Proxy-Authorization", "X-Access-Token", "Cookie"):
        value = f"access_token_cookie={token}" if header == "Cookie" else f"Bearer {token}"
        assert refusal(ask(app, **{header: value})) == MISSING
    for name in ("access_token", "jwt", "token"):
        answer = browser.get("/api/v1/me", query_string={name: token})
        assert answer.status_code == 401
        body = browser.post("/api/v1/auth/logout", {name: token})
        assert body.status_code == 401
    assert signed_in_program.is_signed_in()


def test_a_bad_header_is_refused_though_a_cookie_is_good(signed_in: Browser) -> None:
    for value in ("Bearer x.y.z", "Session", ""):
        answer = signed_in.get("/api/v1/me", headers={"Authorization": value})
        assert answer.status_code == 401


def test_a_dead_token_does_not_keep_anybody_from_coming_in(
    signed_in_program: Program, user: str
) -> None:
    """Programs send the header with everything; where nobody need be known, nobody looks."""
    assert signed_in_program.post("/auth/logout").status_code == 204
    assert signed_in_program.sign_in(user).status_code == 200
    signed_in_program.access_token = "x.y.z"
    assert signed_in_program.refresh().status_code == 200


@pytest.mark.asvs("14.2.1")
def test_a_refused_header_is_not_repeated(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    for value in ("Sesame open-sesame-open-sesame", "Bearer open-sesame-open-sesame"):
        assert "sesame" not in ask(app, value).text.lower()
    assert "sesame" not in caplog.text.lower()
