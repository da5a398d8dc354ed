"""The OpenAPI document is valid and whole, and says what is so."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

from app.api.openapi import address_of, document, operations
from app.core.access import EVERYBODY, access_rules
from tests.conftest import Browser, Program


@pytest.fixture
def made(program: Program) -> dict[str, Any]:
    """The document, as a program gets it."""
    return dict(program.get("/openapi.json").json)


def test_it_is_an_openapi_document(made: dict[str, Any]) -> None:
    assert made["openapi"].startswith("3.1")
    assert made["servers"] == [{"url": "http://localhost:8000"}]
    validate(made)


def test_no_route_is_missing(app: Flask, made: dict[str, Any]) -> None:
    described = {(path, method.upper()) for path, method, _ in operations(made)}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                assert (address_of(rule), method) in described
    assert described


def test_each_operation_says_what_it_is(made: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(made)]
    assert len(set(names)) == len(names)
    titles = {tag["name"] for tag in made["tags"] if tag["description"]}
    for path, method, operation in operations(made):
        where = f"{method} {path}"
        assert operation.get("summary", "").endswith("."), where
        assert set(operation["tags"]) <= titles, where
        assert any(status < "400" for status in operation["responses"]), where
        assert "500" in operation["responses"], where


def test_who_may_call_is_what_is_checked(app: Flask, made: dict[str, Any]) -> None:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            if rule.rule.startswith("/api/"):
                operation = made["paths"][address_of(rule)][method.lower()]
                rules = access_rules(app, rule.endpoint, method)
                is_public = set(rules) == {EVERYBODY}
                assert (operation["security"] == []) == is_public, rule.rule
                refusal = operation["responses"].get("403", {})
                asked = "reauthentication_required" in str(refusal)
                assert asked == ("must_be_recent" in {one.ask.__name__ for one in rules}), rule.rule


def leaves(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schema of each value inside one."""
    yield schema
    for found in (*schema.get("properties", {}).values(), schema.get("items", {})):
        if found:
            yield from leaves(found)


@pytest.mark.asvs("2.2.1")
def test_whatever_is_taken_has_bounds(made: dict[str, Any]) -> None:
    schemas = made["components"]["schemas"]
    for path, method, operation in operations(made):
        parameters = [*made["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
        taken = [one["schema"] for one in parameters]
        if "requestBody" in operation:
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            taken.append(schemas[body["$ref"].rpartition("/")[2]])
        for schema in (leaf for one in taken for leaf in leaves(one)):
            kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
            where = f"{method} {path}: {schema}"
            if "object" in kinds:
                assert schema["additionalProperties"] is False, where
            if "string" in kinds:
                assert {"maxLength", "enum", "format"} & schema.keys(), where
            if "array" in kinds:
                assert "maxItems" in schema, where
            if "integer" in kinds:
                assert {"minimum", "maximum"} <= schema.keys(), where


def test_every_refusal_is_a_problem(made: dict[str, Any]) -> None:
    for path, method, operation in operations(made):
        for status, described in operation["responses"].items():
            if status >= "400":
                (kind, content) = described["content"].popitem()
                assert kind == "application/problem+json", f"{method} {path} {status}"
                assert content["schema"]["properties"]["code"]["enum"], f"{method} {path} {status}"


def test_it_does_not_follow_the_host_of_who_asks_first(app: Flask) -> None:
    with app.test_request_context(base_url="http://evil.example"):
        assert "evil.example" not in str(document())


def test_an_answer_that_is_not_in_it_fails_the_tests(
    app: Flask, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every answer that a test gets is held against the document: this is the test of that."""
    monkeypatch.setattr("tests.api.document.MADE", {})  # the others go by a document that is right
    with app.app_context():
        said = document()["paths"]["/api/v1/me"]["get"]["responses"]
    assert program.get("/me").status_code == 401
    codes = said["401"]["content"]["application/problem+json"]["schema"]["properties"]["code"]
    codes["enum"] = ["something_else"]
    with pytest.raises(AssertionError, match="credentials_missing"):
        program.get("/me")
    del said["401"]
    with pytest.raises(AssertionError, match="not in the document"):
        program.get("/me")


def test_the_page_shows_every_operation_without_a_script(app: Flask, browser: Browser) -> None:
    page = browser.get("/developers").text
    with app.app_context():
        made = document()
    for path, _, operation in operations(made):
        assert f'id="{operation["operationId"]}"' in page
        assert path in page
    assert "Use my sign-in" not in page
