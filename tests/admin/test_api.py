"""The administration for programs: what no page shows, and what must never get past it."""

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from app.accounts.service import get_user
from tests.admin.conftest import ADA, GRACE, allowed, give, make, make_role
from tests.conftest import Clock, Program
from tests.tables import Case

Helper = Callable[..., Program]
EVERYTHING = ("users:read", "users:write", "roles:read", "roles:write", "security_log:read")
NOWHERE = UUID(int=1)
ROUTES = [
    ("GET", "/users"),
    ("GET", f"/users/{NOWHERE}"),
    ("GET", f"/users/{NOWHERE}/sessions"),
    ("DELETE", f"/users/{NOWHERE}/sessions/{NOWHERE}"),
    ("POST", f"/users/{NOWHERE}/end-sessions"),
    ("POST", f"/users/{NOWHERE}/deactivate"),
    ("POST", f"/users/{NOWHERE}/activate"),
    ("POST", f"/users/{NOWHERE}/require-password"),
    ("PUT", f"/users/{NOWHERE}/roles/admin"),
    ("DELETE", f"/users/{NOWHERE}/roles/admin"),
    ("GET", "/permissions"),
    ("GET", "/roles"),
    ("POST", "/roles"),
    ("GET", "/roles/admin"),
    ("PUT", "/roles/editor"),
    ("DELETE", "/roles/editor"),
    ("GET", "/security-log"),
    ("POST", "/security-log/export"),
]
ACTING = [(method, path) for method, path in ROUTES if method != "GET"]


def id_of(app: Flask, email: str) -> str:
    """Return the id of an account, as addresses take it."""
    with app.app_context():
        return str(UUID(get_user(email).public_id))


def test_a_role_has_an_address_and_lives_there(app: Flask, admin_program: Program) -> None:
    made = admin_program.post("/roles", {"name": "reader", "permissions": ["users:read"]})
    assert (made.status_code, made.headers["Location"]) == (201, "/api/v1/roles/reader")
    role = {"name": "reader", "permissions": ["users:read"], "holders": 0}
    assert made.json == role
    assert admin_program.get("/roles/reader").json == role
    role["permissions"] = ["roles:read", "users:read"]
    sent = {"permissions": ["users:read", "roles:read", "users:read"]}
    assert admin_program.call("PUT", "/roles/reader", sent).json == role
    assert role in admin_program.get("/roles").json["items"]
    assert admin_program.call("DELETE", "/roles/reader").status_code == 204
    assert admin_program.get("/roles/reader").json["code"] == "no_such_role"


def test_permissions_are_listed_with_what_they_allow(admin_program: Program) -> None:
    items = admin_program.get("/permissions").json["items"]
    assert {item["name"] for item in items} >= set(EVERYTHING)
    assert all(item["about"].endswith(".") for item in items)


def test_an_account_is_read_with_its_roles(app: Flask, admin_program: Program) -> None:
    make(app, GRACE)
    give(app, GRACE, "reader")
    (line,) = admin_program.get("/users?search=gra").json["items"]
    seen = admin_program.get(f"/users/{line['id']}").json
    assert seen == {**line, "roles": ["reader"], "has_password": True}
    assert admin_program.get(f"/users/{line['id']}/sessions").json == {"items": []}
    own = admin_program.get(f"/users/{id_of(app, ADA)}/sessions").json["items"]
    assert [item["kind"] for item in own] == ["program"]


def test_lists_come_in_pages(app: Flask, admin_program: Program) -> None:
    make(app, GRACE)
    for path in ("/users", "/security-log"):
        first = admin_program.get(f"{path}?limit=1").json
        second = admin_program.get(f"{path}?limit=1&cursor={first['next_cursor']}").json
        assert first["items"][0]["id"] != second["items"][0]["id"]


def test_an_event_names_the_account_and_who_did_it(app: Flask, admin_program: Program) -> None:
    make(app, GRACE)
    grace = id_of(app, GRACE)
    assert admin_program.post(f"/users/{grace}/deactivate").status_code == 204
    query = f"?account={grace}&kind=account_deactivated"
    (event,) = admin_program.get(f"/security-log{query}").json["items"]
    assert (event["account"], event["account_id"]) == (GRACE, grace)
    assert (event["actor"], event["actor_id"]) == (ADA, id_of(app, ADA))
    assert event["method"] == "jwt"


def test_a_table_is_sent_to_a_program(app: Flask, admin_program: Program) -> None:
    answer = admin_program.post("/security-log/export", {"account": ADA, "kind": "signed_in"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, row = csv.reader(StringIO(answer.text))
    assert dict(zip(header, row, strict=True))["kind"] == "signed_in"
    assert admin_program.get("/security-log").json["items"][0]["kind"] == "security_log_exported"


@pytest.mark.asvs("8.2.1")
def test_each_route_is_closed_to_strangers_and_to_ordinary_people(
    app: Flask, new_program: Helper, helper_program: Helper, case: Case
) -> None:
    stranger, ordinary = new_program(), helper_program()
    for method, path in ROUTES:
        with case(method=method, path=path):
            assert stranger.call(method, path, {}).status_code == 401
            refused = ordinary.call(method, path, {})
            assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


@pytest.mark.asvs("8.2.1")
def test_each_permission_opens_its_own_routes_only(helper_program: Helper) -> None:
    program = helper_program("users:read", "roles:read", "security_log:read")
    for method, path in ROUTES:
        opens = method == "GET" or path == "/security-log/export"
        assert (program.call(method, path, {}).status_code == 403) != opens, (method, path)


@pytest.mark.asvs("7.5.3")
def test_an_old_proof_acts_on_nothing(
    app: Flask, moving_clock: Clock, admin_program: Program
) -> None:
    before = allowed(app)
    moving_clock.forward(minutes=14)
    for method, path in ACTING:
        refused = admin_program.call(method, path, {})
        assert refused.json["code"] == "reauthentication_required", (method, path)
    assert allowed(app) == before


@pytest.mark.asvs("8.3.1")
def test_a_role_cannot_be_made_a_ladder(app: Flask, helper_program: Helper, user: str) -> None:
    make_role(app, "editor", "users:write")
    give(app, user, "higher", "users:write")
    give(app, user, "plain", "users:read")
    program = helper_program("roles:read", "roles:write", "users:read")
    before = allowed(app)
    grace, ada = id_of(app, GRACE), id_of(app, ADA)
    for method, path, body, code in (
        ("POST", "/roles", {"name": "x", "permissions": ["users:write"]}, "permission_lacked"),
        ("PUT", "/roles/editor", {"permissions": ["users:write", EVERYTHING[4]]}, None),
        ("PUT", "/roles/editor", {"permissions": []}, None),
        ("PUT", "/roles/helper", {"permissions": []}, "own_role"),
        ("DELETE", "/roles/editor", None, "permission_lacked"),
        ("DELETE", "/roles/helper", None, "own_role"),
        ("PUT", "/roles/plain", {"permissions": []}, "higher_holder"),
        ("DELETE", "/roles/plain", None, "higher_holder"),
        ("PUT", f"/users/{grace}/roles/editor", None, "own_account"),
        ("PUT", f"/users/{ada}/roles/helper", None, "higher_account"),
    ):
        refused = program.call(method, path, body)
        assert (refused.status_code, refused.json["code"]) == (403, code or "permission_lacked")
    assert allowed(app) == before


@pytest.mark.asvs("15.3.3")
@pytest.mark.parametrize(
    "more", [{"holders": 7}, {"id": 1}, {"roles": ["admin"]}, {"is_admin": True}]
)
def test_what_is_not_to_be_chosen_is_refused(
    app: Flask, admin_program: Program, more: dict[str, Any]
) -> None:
    give(app, ADA, "editor")
    before = allowed(app)
    for method, path, body in (
        ("POST", "/roles", {"name": "mine", "permissions": []}),
        ("PUT", "/roles/editor", {"permissions": ["users:read"]}),
        ("POST", "/security-log/export", {}),
    ):
        refused = admin_program.call(method, path, {**body, **more})
        assert (refused.status_code, set(refused.json["errors"])) == (422, set(more))
    assert allowed(app) == before


NO_PERMISSIONS = [
    None,
    "users:read",
    1,
    {},
    [1],
    [None],
    [["users:read"]],
    ["users:all"],
    [""],
    ["x"] * 201,
]


@pytest.mark.asvs("2.2.1")
def test_permissions_of_another_kind_are_refused(
    app: Flask, admin_program: Program, case: Case
) -> None:
    give(app, ADA, "admin")
    make(app, GRACE)
    give(app, GRACE, "editor")
    for value in NO_PERMISSIONS:
        with case(value=value):
            before = allowed(app)
            for method, path, name in (
                ("POST", "/roles", {"name": "mine"}),
                ("PUT", "/roles/editor", {}),
            ):
                refused = admin_program.call(method, path, {"permissions": value, **name})
                assert (refused.status_code, set(refused.json["errors"])) == (422, {"permissions"})
            assert allowed(app) == before


LOG_QUERIES = [
    ("account=%25", 200),
    ("account=%00", 200),
    ("account='--", 200),
    (f"account={'x' * 321}", 422),
    ("kind=%25", 422),
    ("since=2026-13-01", 422),
    ("until=9999-12-31", 422),
    ("since=0001-01-01", 422),
    ("limit=101", 422),
    ("cursor=x", 422),
    ("account=a&account=b", 422),
    ("user_id=1", 422),
]


@pytest.mark.asvs("1.2.4", "2.2.1")
def test_the_log_is_narrowed_by_what_makes_sense(admin_program: Program, case: Case) -> None:
    for query, status in LOG_QUERIES:
        with case(query=query, status=status):
            answer = admin_program.get(f"/security-log?{query}")
            assert answer.status_code == status
            if status == 200:
                assert answer.json["items"] == []
            else:
                assert set(answer.json["errors"]) == {query.partition("=")[0]}


@pytest.mark.asvs("8.2.2")
def test_a_cursor_fits_no_other_list_and_no_other_person(
    app: Flask, admin_program: Program, helper_program: Helper
) -> None:
    other = helper_program(*EVERYTHING)
    cursors = {
        path: admin_program.get(f"{path}?limit=1").json["next_cursor"]
        for path in ("/users", "/security-log")
    }
    for path, cursor in cursors.items():
        narrowed = {"/users": "search=a", "/security-log": "kind=signed_in"}[path]
        elsewhere = next(there for there in cursors if there != path)
        assert other.get(f"{path}?cursor={cursor}").status_code == 422
        assert admin_program.get(f"{path}?cursor={cursor}&{narrowed}").status_code == 422
        assert admin_program.get(f"{elsewhere}?cursor={cursor}").status_code == 422


NO_ROLES = ["%00", "Admin", "x" * 41, "x" * 3000, "..", "%F0%9F%8E%89"]


def test_a_name_that_no_role_has_is_not_found(
    app: Flask, admin_program: Program, case: Case
) -> None:
    make(app, GRACE)
    grace = id_of(app, GRACE)
    for name in NO_ROLES:
        with case(name=name):
            for path in (f"/roles/{name}", f"/users/{grace}/roles/{name}"):
                for method, body in (("PUT", {"permissions": []}), ("DELETE", None)):
                    answer = admin_program.call(
                        method, path, body if path.startswith("/roles") else None
                    )
                    assert answer.status_code == 404
                    assert answer.mimetype == "application/problem+json"


@pytest.mark.asvs("8.3.2")
def test_a_role_that_is_taken_is_gone_with_the_next_call(
    app: Flask, admin_program: Program, helper_program: Helper
) -> None:
    program = helper_program("users:read")
    assert program.get("/users").status_code == 200
    taken = admin_program.call("DELETE", f"/users/{id_of(app, GRACE)}/roles/helper")
    assert taken.status_code == 204
    assert program.get("/users").status_code == 403
