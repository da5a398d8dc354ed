"""The document in the words of its page: what each operation takes, gives and refuses."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from app.api.openapi import LIMIT, Document, operations, schema_of

FORMATS = {
    "date-time": "moment (RFC 3339)",
    "email": "e-mail address",
    "password": "password",
    "uri-reference": "address",
    "uuid": "UUID",
}
KINDS = {"integer": "whole number", "number": "number", "boolean": "true or false"}
EXAMPLES = {
    "date-time": "2030-01-31T12:00:00+00:00",
    "email": "ada@example.com",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


@dataclass(frozen=True)
class Field:
    """A field of a body, a part of an address or of a query."""

    name: str
    kind: str
    about: str
    is_required: bool
    place: str = "body"


@dataclass(frozen=True)
class Answer:
    """One status an operation can answer with."""

    status: str
    phrase: str
    codes: dict[str, str]
    fields: tuple[Field, ...]
    headers: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """What can be called."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    is_public: bool
    asks_presence: bool
    limit: str
    fields: tuple[Field, ...]
    example: str
    answers: tuple[Answer, ...]

    @property
    def who(self) -> str:
        """Who may call it, in words."""
        if self.is_public:
            return "everybody"
        return "signed in a short while ago" if self.asks_presence else "signed in"

    def fields_in(self, place: str) -> list[Field]:
        """Return the fields of one place: ``path``, ``query`` or ``body``."""
        return [field for field in self.fields if field.place == place]


@dataclass(frozen=True)
class Section:
    """The operations of one feature."""

    title: str
    about: str
    operations: tuple[Operation, ...]


def sections(made: Document) -> list[Section]:
    """Return what is to be shown, in the order of the features."""
    by_tag: dict[str, list[Operation]] = {}
    for path, method, operation in operations(made):
        shown = _operation(made, path, method, operation)
        by_tag.setdefault(operation["tags"][0], []).append(shown)
    return [
        Section(tag["name"], tag.get("description", ""), tuple(by_tag[tag["name"]]))
        for tag in made["tags"]
        if tag["name"] in by_tag
    ]


def problems(made: Document) -> list[tuple[str, str, str]]:
    """Return status, code and an example's detail of each problem, in order."""
    found = {
        (answer.status, code): detail
        for section in sections(made)
        for operation in section.operations
        for answer in operation.answers
        for code, detail in answer.codes.items()
    }
    return [(status, code, detail) for (status, code), detail in sorted(found.items())]


def _operation(made: Document, path: str, method: str, operation: dict[str, Any]) -> Operation:
    body = schema_of(made, operation.get("requestBody", {}))
    parameters = [*made["paths"][path].get("parameters", ()), *operation.get("parameters", ())]
    answers = tuple(_answer(made, *one) for one in sorted(operation["responses"].items()))
    return Operation(
        name=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        is_public=not operation["security"],
        asks_presence=any("reauthentication_required" in answer.codes for answer in answers),
        limit=operation.get(LIMIT, ""),
        fields=(*map(_parameter, parameters), *_fields(body)),
        example=json.dumps(example(body), indent=2) if body else "",
        answers=answers,
    )


def _parameter(parameter: dict[str, Any]) -> Field:
    about = parameter.get("description", "")
    is_required = parameter.get("required", False)
    schema = parameter.get("schema", {})
    return Field(parameter["name"], kind(schema), about, is_required, parameter["in"])


def _fields(schema: dict[str, Any]) -> Iterator[Field]:
    required = schema.get("required", ())
    for name, found in schema.get("properties", {}).items():
        yield Field(name, kind(found), found.get("description", ""), name in required)


def _answer(made: Document, status: str, described: dict[str, Any]) -> Answer:
    content: dict[str, Any] = next(iter(described.get("content", {}).values()), {})
    codes = {code: one["value"]["detail"] for code, one in content.get("examples", {}).items()}
    fields = () if codes else tuple(_fields(schema_of(made, described)))
    return Answer(
        status, described["description"], codes, fields, tuple(described.get("headers", ()))
    )


def with_code(text: str) -> Markup:
    """Show what stands between backticks as code; everything else stays text."""
    pieces = enumerate(text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if number % 2 else piece for number, piece in pieces
    )


def kind(schema: dict[str, Any]) -> str:
    """Say in a few words what a value is and how long or large it may be."""
    if "enum" in schema:
        return " or ".join(f'"{value}"' for value in schema["enum"])
    types = schema.get("type", "object")
    named = [types] if isinstance(types, str) else types
    words = " or ".join(_word(name, schema) for name in named)
    return f"{words}{_bounds(schema)}"


def _word(name: str, schema: dict[str, Any]) -> str:
    if name == "array":
        return f"list of {kind(schema['items'])}" if "type" in schema.get("items", {}) else "list"
    if name == "string":
        return FORMATS.get(schema.get("format", ""), "text")
    return KINDS.get(name, name)


def _bounds(schema: dict[str, Any]) -> str:
    for least, most, unit in (
        ("minLength", "maxLength", " characters"),
        ("minimum", "maximum", ""),
    ):
        if most in schema:
            return (
                f", {schema[least]} to {schema[most]}{unit}"
                if least in schema
                else (f", up to {schema[most]}{unit}")
            )
        if least in schema:
            return f", at least {schema[least]}{unit}"
    return ""


def example(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a body to begin with: all that is required, or everything where nothing is."""
    fields = schema.get("properties", {})
    wanted = [name for name in fields if name in schema.get("required", fields)]
    return {name: _value(fields[name]) for name in wanted}


def _value(schema: dict[str, Any]) -> Any:
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type", "string")
    empty = {"integer": schema.get("minimum", 1), "boolean": False, "array": [], "object": {}}
    name = types if isinstance(types, str) else types[0]
    return schema.get("example", empty.get(name, EXAMPLES.get(schema.get("format", ""), "")))
