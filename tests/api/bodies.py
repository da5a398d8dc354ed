"""Bodies that no door for programs takes, whatever it is for."""

from collections.abc import Iterator
from typing import Any

from flask import Flask

from tests.conftest import Program
from tests.house.parity import stored

Body = dict[str, Any]

# Columns, and what others have called such columns: none may be set by sending it.
UNASKED: Body = {
    "id": 1,
    "public_id": "0" * 32,
    "user_id": 1,
    "role": "admin",
    "roles": ["admin"],  # feature: roles
    "is_admin": True,
    "active": True,
    "confirmed_at": "2020-01-01T00:00:00+00:00",
    "password_hash": "x",
    "email": "mallory@example.com",
    "__proto__": {"is_admin": True},
}
OF_ANOTHER_KIND: list[Any] = [0, 1.5, True, None, [], ["x"], {}, {"$ne": ""}, "x" * 500_000]


def refused_bodies(good: Body) -> Iterator[tuple[str, Body]]:
    """Yield bodies with one thing wrong, each after the name of the field that is to blame."""
    for name in UNASKED.keys() - good.keys():
        yield name, {**good, name: UNASKED[name]}
    for name in good:
        for value in OF_ANOTHER_KIND:
            yield name, {**good, name: value}


def assert_only_this_is_taken(
    app: Flask, program: Program, call: tuple[str, str], good: Body
) -> None:
    """Send a good body with each thing wrong: refused by field, and nothing is stored."""
    before = everything(app)
    for number, (name, body) in enumerate(refused_bodies(good)):
        program.address = f"203.0.113.{number}"  # tries are counted by address
        answer = program.call(*call, body)
        assert answer.status_code == 422, f"{call}: {name}"
        assert answer.get_json()["code"] == "validation_failed"
        assert set(answer.get_json()["errors"]) == {name}, call
    assert everything(app) == before
    assert program.call(*call, good).status_code < 300, f"{call}: the good body is none"


def everything(app: Flask) -> Any:
    """Return all that is stored."""
    with app.app_context():
        return stored()
