"""Holds every answer that a test gets from the API against the OpenAPI document.

So each test of each feature proves the document too, and nobody has to write its refusals down.
"""

import json
from functools import cache
from typing import Any

from flask import Flask
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.api.openapi import Document, address_of, document
from app.login.points import LOGIN_STEPS

# Of a request that meets no operation there is nothing to look up, but a problem it is.
NOWHERE = {"$ref": "#/components/schemas/Problem"}
MADE: dict[frozenset[tuple[str, ...]], Document] = {}
MEDIA_TYPES = {True: "application/json", False: "application/problem+json"}


def as_documented(app: Flask, answer: TestResponse) -> TestResponse:
    """Return an answer that says what the document says; fail on any other."""
    made = _document_of(app)
    asked = answer.request
    where = f"{asked.method} {asked.path} answered {answer.status_code}: {answer.text[:300]}"
    described = _described(app, made, asked.method, asked.path, answer.status_code)
    assert described is not None, f"not in the document: {where}"
    schema = described.get("content", {}).get(answer.mimetype, {}).get("schema")
    if schema is None:
        assert not answer.data, f"the document knows no such body: {where}"
        return answer
    said = answer.json if answer.mimetype.endswith("json") else answer.text
    faults = _validator(json.dumps(schema), json.dumps(made["components"]["schemas"])).iter_errors(
        said
    )
    assert [fault.message for fault in faults] == [], where
    for name in described.get("headers", {}):
        assert name in answer.headers, f"without {name}: {where}"
    return answer


def _document_of(app: Flask) -> Document:
    """Return the document of an application, made once a run for all that are alike in it.

    Each test has an application of its own, and its document takes longer than the application.
    """
    rules = app.url_map.iter_rules()
    same = {(rule.rule, rule.endpoint, *sorted(rule.methods or ())) for rule in rules}
    # A test may bring a step of its own, and what is refused at the door depends on the steps.
    same |= {("step", step.key) for _, step in LOGIN_STEPS.by_feature(app)}
    if (key := frozenset(same)) not in MADE:
        with app.app_context():
            MADE[key] = document()
    return MADE[key]


def _described(
    app: Flask, made: dict[str, Any], method: str, path: str, status: int
) -> dict[str, Any] | None:
    try:
        rule, _ = app.url_map.bind("localhost").match(path, method, return_rule=True)
    except HTTPException as refusal:
        known = status == refusal.code
        return {"content": {MEDIA_TYPES[False]: {"schema": NOWHERE}}} if known else None
    operation = made["paths"][address_of(rule)].get(method.lower(), {"responses": {}})
    found: dict[str, Any] | None = operation["responses"].get(str(status))
    return found


@cache
def _validator(schema: str, schemas: str) -> OAS31Validator:
    """Return a validator, made once a run: `schema` and `schemas` are JSON, to be looked up by."""
    whole = {**json.loads(schema), "components": {"schemas": json.loads(schemas)}}
    return OAS31Validator(whole, format_checker=oas31_format_checker)
