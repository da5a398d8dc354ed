"""A body has one meaning, a bounded size, and text that can be stored; all else is refused."""

import gzip
import json
from io import BytesIO
from itertools import count
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields
from werkzeug.test import TestResponse

from app.api import strict_json
from app.api.blueprint import ApiBlueprint
from app.core.access import public
from tests.api.forge import Explorer
from tests.conftest import PASSWORD, Program
from tests.house.test_rules import UNSAFE, address

ADDRESSES = count()
MEGABYTE = 2**20
GOOD = {"email": "ada@example.com", "password": PASSWORD}


def send(program: Program, body: Any, kind: str = "application/json", **more: Any) -> TestResponse:
    """Send a body as it stands to the door, each from another address: guesses are counted."""
    program.address = f"203.0.113.{next(ADDRESSES) % 256}"
    raw = body if isinstance(body, bytes) else body.encode("utf-8", "surrogatepass")
    headers = {"Content-Type": kind} if kind else {}
    return program.call("POST", "/auth/token", data=raw, headers={**headers, **more})


def refusal(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


MALFORMED = (400, "malformed_json")
BODIES = [
    '{"email": "a@example.com", "email": "b@example.com", "password": "x"}',
    '{"email": "a@example.com", "e\\u006dail": "b@example.com", "password": "x"}',
    '{"x": [{"y": {"z": 1, "z": 1}}]}',
    *(f'{{"x": {number}}}' for number in ("NaN", "Infinity", "-Infinity", "1e400", "-1e400")),
    *(
        f'{{"x": {number}}}'
        for number in ("9" * 5000, "-" + "9" * 41, "0." + "1" * 400, "01", "+1")
    ),
    *(f'{{"x": {number}}}' for number in (".5", "1.", "0x10", "1_000", "\u0661")),
    *('{"x": ' + "[" * levels + "]" * levels + "}" for levels in (16, 5_000, 200_000)),
    '{"x": ' * 17 + "1" + "}" * 17,
    "[" * 200_000,
    '{"x": "\\ud800"}',
    '{"x": "a\\udc00b"}',
    '{"\\ud83d": 1}',
    '{"x": "\\u0000"}',
    '{"\\u0000": 1}',
    '{"x": "\x00"}',
    '{"x": "\n"}',
    '{"x": "\ud800"}',
    b'{"x": "\xff"}',
    b'{"x": "\xc0\xaf"}',
    b"\xef\xbb\xbf{}",
    json.dumps(GOOD).encode("utf-16"),
    json.dumps(GOOD).encode("utf-16-le"),
    gzip.compress(json.dumps(GOOD).encode()),
    *("", " ", "{", '{"x"', '{"x": ', '{"x": 1', '{"x": 1,}', "{'x': 1}", "{x: 1}", "nul", '"'),
    *("{} {}", "{}x", "{}/**/", "// no\n{}", "email=a@example.com&password=x", "<x/>", "\x00"),
]


@pytest.mark.asvs("1.5.3", "2.2.1")
def test_a_body_with_two_meanings_or_none_is_refused(program: Program, user: str) -> None:
    for body in BODIES:
        assert refusal(send(program, body)) == MALFORMED, body[:60]
    assert send(program, json.dumps(GOOD)).status_code == 200


def test_a_body_of_three_levels_is_taken() -> None:
    """What the refusals are held against."""
    deepest = b"[" * 16 + b"]" * 16
    assert strict_json.loads(deepest) == json.loads(deepest)
    assert strict_json.loads(b'{"x": [1, -1.5e3, "\xc3\xa9", true, null]}')["x"][1] == -1500
    with pytest.raises(strict_json.JSONRefused):
        strict_json.loads(b"[" * 17 + b"]" * 17)


@pytest.mark.asvs("4.1.1")
def test_a_body_of_another_kind_is_refused(program: Program, user: str) -> None:
    kinds = ["text/plain", "application/x-www-form-urlencoded", "", "text/json", "application/xml"]
    kinds += ["multipart/form-data; boundary=x", "application/jsonp", "json", "application/json5"]
    kinds += ["application/vnd.api+json", "text/html, application/json", "application/problem+json"]
    for kind in kinds:
        answer = send(program, json.dumps(GOOD), kind)
        assert refusal(answer) == (415, "unsupported_media_type"), kind
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/json;x=y"):
        assert send(program, json.dumps(GOOD), kind).status_code == 200, kind
    other = json.dumps(GOOD).encode("utf-16")
    assert refusal(send(program, other, "application/json; charset=utf-16")) == MALFORMED


def test_a_body_that_is_packed_is_refused(program: Program, user: str) -> None:
    """Nothing is unpacked here: a small parcel may hold a large house."""
    packed = gzip.compress(json.dumps(GOOD).encode())
    for name in ("gzip", "deflate", "br"):
        assert refusal(send(program, packed, **{"Content-Encoding": name})) == MALFORMED


def test_a_body_of_more_than_a_megabyte_is_refused(program: Program) -> None:
    padded = json.dumps({"x": "y"}).ljust(MEGABYTE)
    assert refusal(send(program, padded)) == (422, "validation_failed")
    assert refusal(send(program, padded + " ")) == (413, "too_large")
    answer = program.client.post(
        "/api/v1/auth/token",
        content_type="application/json",
        input_stream=BytesIO(b" " * (MEGABYTE + 1)),  # in pieces, and no length is said
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert refusal(answer) == (413, "too_large")


@pytest.mark.asvs("2.2.1", "15.3.3", "15.3.5")
def test_a_value_of_another_type_is_refused_by_name(program: Program, user: str) -> None:
    for value in (None, 1, 1.5, True, [], ["ada@example.com"], {}, {"$ne": ""}, "", "x" * 5000):
        for field in ("email", "password"):
            answer = send(program, json.dumps({**GOOD, field: value}))
            if field == "password" and value in ("", "x" * 5000):
                assert answer.status_code in (401, 422)
                continue
            assert refusal(answer) == (422, "validation_failed"), (field, value)
            assert set(answer.json["errors"]) == {field}
    for whole in (None, 1, "x", True, [], [GOOD]):
        assert refusal(send(program, json.dumps(whole))) == (422, "validation_failed"), whole


@pytest.mark.asvs("8.2.3", "15.3.3")
def test_a_field_that_nobody_asked_for_is_refused(program: Program, user: str) -> None:
    for name in ("role", "is_admin", "user_id", "amr", "remember", "", "__class__", "é", "x" * 999):
        answer = send(program, json.dumps({**GOOD, name: True}))
        assert refusal(answer) == (422, "validation_failed"), name
        assert set(answer.json["errors"]) == {name}


@pytest.mark.slow
@pytest.mark.asvs("2.2.2")
def test_no_body_makes_any_route_fail(app: Flask, signed_in_program: Program) -> None:
    walked = 0
    bodies = [*BODIES[:1], *BODIES[6:9], *BODIES[-12:], "null", "[]", "{}", '"x"', "1", '{"x": {}}']
    for rule in app.url_map.iter_rules():
        for method in UNSAFE & (rule.methods or set()) if rule.rule.startswith("/api/") else ():
            if rule.rule.endswith(("/logout", "/logout-all")):  # they take none, and would end this
                continue
            for body in bodies:
                answer = signed_in_program.call(
                    method,
                    address(app, rule).removeprefix("/api/v1"),
                    data=body,
                    content_type="application/json",
                )
                assert answer.status_code < 500, f"{method} {rule.rule} {body[:60]!r}"
                walked += 1
    assert walked > 50


class PageQuery(Schema):
    """A query such as lists have."""

    after = fields.String()


def test_a_query_with_another_name_or_one_twice_is_refused(app: Flask) -> None:
    toy = ApiBlueprint("toy", __name__, "/toy", "A toy.")

    @toy.get("/")
    @public
    @toy.arguments(PageQuery, location="query")
    def look(asked: dict[str, str]) -> dict[str, str]:
        return asked

    app.register_blueprint(toy)
    program = Explorer(app)
    assert program.get("/toy/?after=x").json == {"after": "x"}
    for query, field in (("before=x", "before"), ("after=x&after=y", "after"), ("after=x&b=", "b")):
        answer = program.get(f"/toy/?{query}")
        assert refusal(answer) == (422, "validation_failed")
        assert set(answer.json["errors"]) == {field}
    assert program.get("/toy/?%ff=%00&%ed%a0%80=1").status_code == 422
