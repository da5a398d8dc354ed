"""The OpenAPI document: what the code declares about itself, put together.

Flask-Smorest collects the routes with what they take and give. Who may call a route and how it
refuses stands in the marks of its view, and is read from there: no sentence is kept twice.
"""

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, cast

from flask import Flask, Response, current_app
from werkzeug.routing import Rule

from app.api.face import PREFIX
from app.api.problems import MEDIA_TYPE
from app.api.refusals import Route
from app.core.face import AUTHENTICATORS
from app.core.limits import GUESSING
from app.core.registry import registry

Document = dict[str, Any]

ABOUT = """\
Send JSON, and an access token in the header `Authorization`. Cookies are not looked at.

Every refusal is a problem of RFC 9457. Decide by its `code`, which never changes. An address that
is not here is answered with 404 `not_found`, a method that it does not take with 405
`method_not_allowed`, and a host that is not ours with 400 `unknown_host`. Where the site is on
https, a call in the open is answered with 403 `https_required`. Each answer carries an
`X-Request-ID`: name it when you ask for help.
"""
LIMIT = "x-limit-per-client"
SIGNED_IN = "#/components/schemas/SignedIn"  # the answer of the door
HEADERS = {
    "WWW-Authenticate": "The schemes that are taken here (RFC 9110, section 11.6.1).",
    "Retry-After": "Seconds to wait before the next try (RFC 9110, section 10.2.3).",
    "Allow": "The methods that this address takes.",
}


def document() -> Document:
    """Return the document of the current application; it is made once."""
    app = current_app
    if "openapi" not in app.extensions:
        # In a request of our own: addresses must not follow the Host of whoever asks first.
        with app.test_request_context(base_url=app.config["PUBLIC_URL"]):
            app.extensions["openapi"] = _make(app)
    return cast(Document, app.extensions["openapi"])


def operations(made: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield address, method and operation of all that can be called."""
    for path, item in made["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def address_of(rule: Rule) -> str:
    """Return how the document writes the address of a route."""
    return re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule)


def schema_of(made: Document, described: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a body or an answer, from where it is written; {} without one."""
    contents: list[dict[str, Any]] = list(described.get("content", {}).values())
    schema: dict[str, Any] = contents[0].get("schema", {}) if contents else {}
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = made["components"]["schemas"].get(name, schema)
    return found


def _make(app: Flask) -> Document:
    made: Document = app.extensions["api"].described()
    made["info"] = {
        "title": f"{app.config['SITE_NAME']} API",
        "version": app.config["API_VERSION"],
        "description": ABOUT,
    }
    made["servers"] = [{"url": app.config["PUBLIC_URL"]}]
    made["components"] = {"schemas": _schemas(made), "securitySchemes": _security_schemes()}
    titles = {f"{feature.name}_api": feature.title for feature in registry().features}
    for tag in made["tags"]:
        tag["name"] = titles.get(tag["name"], tag["name"])
    ours = (rule for rule in app.url_map.iter_rules() if rule.rule.startswith(f"{PREFIX}/"))
    endpoints = {
        (address_of(rule), method): rule.endpoint for rule in ours for method in rule.methods or ()
    }
    for path, method, operation in operations(made):
        operation["tags"] = [titles.get(tag, tag) for tag in operation["tags"]]
        facts = _facts(made, path, operation)
        _complete(operation, Route(app, endpoints[path, method.upper()], method, **facts))
    return made


def _schemas(made: Document) -> dict[str, Any]:
    """Return the schemas without the one that the library brings for pages of its own."""
    schemas = made["components"]["schemas"]
    return {name: one for name, one in schemas.items() if name != "PaginationMetadata"}


def _security_schemes() -> dict[str, Any]:
    return {
        one.scheme: {"type": "http", "scheme": one.scheme.lower(), "description": one.about}
        for one in AUTHENTICATORS
    }


def _facts(made: Document, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """Return what of an operation decides how it can be refused."""
    queries = [one for one in operation.get("parameters", ()) if one["in"] == "query"]
    body = schema_of(made, operation.get("requestBody", {}))
    takes = {"query": queries, "json": body}
    return {
        "takes": {place: schema for place, schema in takes.items() if schema},
        "has_variable": "{" in path,
        "gives_tokens": SIGNED_IN in str(operation["responses"]),
    }


def _complete(operation: dict[str, Any], route: Route) -> None:
    """Add to an operation its name, who may call it, and how it refuses."""
    operation["operationId"] = _name(route)
    operation["security"] = [] if route.is_public else [{one: []} for one in _security_schemes()]
    if route.marks("guessing"):
        operation[LIMIT] = GUESSING
    given = {code: one for code, one in operation["responses"].items() if code < "400"}
    for code, one in given.items():
        if code != "204":  # a view that says no more than that it answers, answers an object
            one.setdefault("content", {"application/json": {"schema": {"type": "object"}}})
    operation["responses"] = given | _problems(route.refusals())


def _name(route: Route) -> str:
    feature, _, name = route.endpoint.partition("_api.")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return f"{feature}_{route.method}_{words}" if route.view_class else f"{feature}_{words}"


def _problems(answers: Iterable[Response]) -> dict[str, Any]:
    """Return the descriptions of problems, by status."""
    found: dict[str, Any] = {}
    for answer in sorted(answers, key=lambda one: one.status_code):
        body = answer.get_json()
        described = found.setdefault(str(answer.status_code), _problem(answer.status_code))
        content = described["content"][MEDIA_TYPE]
        content["examples"].setdefault(body["code"], {"value": body})
        # The whole list of codes, so that a client can tell when it has thought of all.
        content["schema"]["properties"]["code"]["enum"] = sorted(content["examples"])
        for name in HEADERS.keys() & set(answer.headers.keys()):
            described.setdefault("headers", {})[name] = _header(name)
    return found


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem", "properties": {"code": {"enum": []}}}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": schema, "examples": {}}},
    }


def _header(name: str) -> dict[str, Any]:
    return {"description": HEADERS[name], "schema": {"type": "string"}}
