"""What must never happen by way of the pages of roles."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.admin.conftest import ADA, GRACE, allowed, give, make, make_role
from tests.conftest import Browser, Clock
from tests.tables import Case

NEW, EDITOR = "/admin/new-role", "/admin/roles/editor"
WRITER = ("roles:read", "roles:write")
PAGES = ("/admin/roles", NEW, EDITOR, f"{EDITOR}/permissions", f"{EDITOR}/delete")


@pytest.fixture
def editor(app: Flask) -> None:
    """A role that allows one thing that most helpers here may not do, and that nobody has."""
    make_role(app, "editor", "users:write")


@pytest.mark.asvs("8.2.1")
@pytest.mark.usefixtures("editor")
def test_without_the_permission_no_page_opens_and_no_form_is_taken(
    app: Flask, helper: Callable[..., Browser]
) -> None:
    browser = helper("users:read", "users:write", "security_log:read")
    for page in PAGES:
        assert browser.get(page).status_code == 403
        assert browser.submit(page, "/account", name="mine").status_code in (403, 405)
    assert set(allowed(app)) == {"admin", "editor", "helper"}


@pytest.mark.asvs("8.2.1")
@pytest.mark.usefixtures("editor")
def test_who_may_only_look_changes_nothing(app: Flask, helper: Callable[..., Browser]) -> None:
    browser = helper("roles:read")
    page = browser.get(EDITOR)
    assert page.status_code == 200
    assert f"{EDITOR}/permissions" not in page.text
    for path in (NEW, f"{EDITOR}/permissions", f"{EDITOR}/delete"):
        assert browser.submit(path, "/account", name="mine").status_code == 403
    assert allowed(app)["editor"] == ("users:write",)


@pytest.mark.asvs("8.3.1")
@pytest.mark.usefixtures("editor")
def test_nobody_gives_or_takes_what_they_may_not_do(
    app: Flask, helper: Callable[..., Browser]
) -> None:
    browser = helper(*WRITER)
    make_role(app, "plain")
    before = allowed(app)
    sent = browser.submit(NEW, name="ladder", permissions=["roles:read", "users:write"])
    assert sent.status_code == 403
    assert "Your own roles do not allow all of this: users:write." in sent.text
    for role, ticks in (("plain", ["users:write"]), ("editor", []), ("editor", ["roles:read"])):
        path = f"/admin/roles/{role}/permissions"
        assert browser.submit(path, permissions=ticks).status_code == 403
    assert browser.submit(f"{EDITOR}/delete").status_code == 403
    assert allowed(app) == before
    # What they may do themselves they may add to it, and it keeps what they may not do.
    both = ["roles:read", "users:write"]
    assert browser.submit(f"{EDITOR}/permissions", permissions=both).status_code == 303
    assert allowed(app)["editor"] == tuple(both)


@pytest.mark.asvs("8.3.1")
def test_nobody_changes_a_role_that_they_have(app: Flask, helper: Callable[..., Browser]) -> None:
    browser = helper(*WRITER, "users:read")
    for path in ("permissions", "delete"):
        assert browser.get(f"/admin/roles/helper/{path}").status_code == 403
        sent = browser.submit(f"/admin/roles/helper/{path}", "/account", permissions=["roles:read"])
        assert sent.status_code == 403
        assert "You have this role yourself." in sent.text
    assert allowed(app)["helper"] == ("roles:read", "roles:write", "users:read")


@pytest.mark.asvs("8.3.1")
@pytest.mark.parametrize("role", ["admin", "editor"])
def test_nobody_changes_a_role_that_somebody_higher_has(
    app: Flask, helper: Callable[..., Browser], role: str
) -> None:
    """To remove it would take it from them, which nobody may do to them one by one."""
    browser = helper(*WRITER, "users:read")
    make(app, ADA)
    give(app, ADA, "plain", "users:read")
    assert browser.submit("/admin/roles/plain/permissions").status_code == 303
    give(app, ADA, role, "users:read", "users:write")
    before = allowed(app)
    for path in ("permissions", "delete"):
        assert browser.get(f"/admin/roles/plain/{path}").status_code == 403
        sent = browser.submit(f"/admin/roles/plain/{path}", "/account", permissions=["users:read"])
        assert sent.status_code == 403
        assert "Somebody who has this role may do more than you." in sent.text
    assert allowed(app) == before


def test_the_role_of_administrators_stays_as_it_is(
    app: Flask, administrator: Browser, helper: Callable[..., Browser]
) -> None:
    before = allowed(app)["admin"]
    for browser in (administrator, helper(*WRITER)):
        for path in ("permissions", "delete"):
            assert browser.get(f"/admin/roles/admin/{path}").status_code == 409
            sent = browser.submit(f"/admin/roles/admin/{path}", "/account")
            assert sent.status_code == 409
    assert allowed(app)["admin"] == before


NO_PERMISSIONS = ["users:everything", "", "users:read ", "\x00", "x" * 5000]


@pytest.mark.asvs("2.2.1")
def test_a_permission_that_nobody_declares_is_refused(
    app: Flask, administrator: Browser, case: Case
) -> None:
    give(app, ADA, "plain")
    make(app, GRACE)
    give(app, GRACE, "editor", "users:read")
    for name in NO_PERMISSIONS:
        with case(name=name):
            for path, typed in ((NEW, {"name": "mine"}), (f"{EDITOR}/permissions", {})):
                sent = administrator.submit(path, permissions=["users:read", name], **typed)
                assert sent.status_code == 422
                assert "One of these is no permission here." in sent.text
            assert allowed(app)["editor"] == ("users:read",)
            assert "mine" not in allowed(app)


@pytest.mark.asvs("7.5.3")
@pytest.mark.usefixtures("editor")
def test_an_old_proof_changes_no_role(
    app: Flask, moving_clock: Clock, administrator: Browser
) -> None:
    before = allowed(app)
    moving_clock.forward(minutes=14)
    for path in (NEW, f"{EDITOR}/permissions", f"{EDITOR}/delete"):
        sent = administrator.submit(path, "/account", name="mine")
        assert sent.status_code == 303
        assert sent.headers["Location"].startswith("/reauthenticate")
    assert allowed(app) == before


NO_ROLES = ["%00", "..%00", "x" * 3000, "%F0%9F%8E%89", "Admin", "ad%20min"]


def test_a_name_that_no_role_has_is_no_page(administrator: Browser, case: Case) -> None:
    for name in NO_ROLES:
        with case(name=name):
            for path in ("", "/permissions", "/delete"):
                assert administrator.get(f"/admin/roles/{name}{path}").status_code == 404
                if path:
                    sent = administrator.submit(f"/admin/roles/{name}{path}", "/account")
                    assert sent.status_code == 404


def test_html_in_the_name_of_a_holder_is_shown_as_text(app: Flask, administrator: Browser) -> None:
    make(app, GRACE, name="<img src=x onerror=alert(1)>")
    give(app, GRACE, "editor")
    page = administrator.get(EDITOR).text
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
