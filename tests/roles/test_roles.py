"""Roles: what they open, and how fresh that is."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from app import create_app
from app.accounts.service import get_user
from app.core.access import permission_required
from app.core.feature import Permission
from app.core.principal import Principal
from app.core.project import ROOT
from app.core.registry import DeclarationRefused, UnknownPermission, load_features, registry
from app.extensions import db
from app.features import FEATURES
from app.roles import service
from app.roles.health import doctor
from app.roles.models import RolePermission
from tests.conftest import PASSWORD, Browser
from tests.roles.conftest import CREDENTIALS, GUARDED, KEEPER, READ, WRITE, Ask, declare
from tests.statements import collected


@pytest.fixture(params=CREDENTIALS)
def ask(app: Flask, keeper: str, request: pytest.FixtureRequest) -> Ask:
    """Somebody with a role, by each kind of credential."""
    return CREDENTIALS[request.param](app, keeper)


@pytest.mark.asvs("8.3.1")
def test_a_role_opens_what_asks_for_it_whatever_carries_the_mark(ask: Ask) -> None:
    for path in GUARDED:
        assert ask(path).status_code == 200, path


def test_a_page_shows_what_its_reader_may_do(app: Flask, ask: Ask, keeper: str) -> None:
    assert ask("/button").text == "nothing"
    with app.app_context():
        service.set_permissions(KEEPER, (READ, WRITE))
        db.session.commit()
    assert ask("/button").text == "a button"


def test_roles_cost_no_query_of_their_own(app: Flask, ask: Ask) -> None:
    ask("/permission")
    with app.app_context():
        for number in range(30):
            service.create_role(f"role-{number}", (READ, WRITE))
            service.grant(get_user("ada@example.com"), f"role-{number}")
        db.session.commit()
    with collected(app) as asked:
        assert ask("/permission").status_code == 200
    assert len(asked) == 1


def test_the_administrator_holds_every_permission_there_is(app: Flask, administrator: str) -> None:
    ask = CREDENTIALS["session"](app, administrator)
    assert ask("/permission").status_code == 200
    assert ask("/button").text == "a button"
    with app.app_context():
        line = service.get_role("admin")
        assert line.permissions == tuple(sorted(registry().permissions))
        assert line.holders == 1


def test_several_roles_add_up(app: Flask, keeper: str) -> None:
    with app.app_context():
        service.create_role("writer", (WRITE,))
        service.grant(get_user(keeper), "writer")
        db.session.commit()
        assert service.roles_of(get_user(keeper).id) == [KEEPER, "writer"]
    assert CREDENTIALS["session"](app, keeper)("/button").text == "a button"


def test_an_unknown_permission_is_an_error_at_start(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.site import views

    rules = permission_required("shelf:reed")(lambda: "").access_rules  # type: ignore[attr-defined]
    monkeypatch.setattr(views.home, "access_rules", rules, raising=False)
    with pytest.raises(UnknownPermission, match=r"shelf:reed, which site\.home asks for"):
        create_app(settings)


def test_a_permission_is_declared_once(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, Permission(READ, "Look."), Permission(READ, "Look again."))
    with pytest.raises(DeclarationRefused, match="shelf:read again"):
        create_app(settings)


def test_a_slip_of_the_pen_is_no_no(app: Flask) -> None:
    with app.app_context(), pytest.raises(UnknownPermission, match="shelf:reed"):
        Principal(method="session").can("shelf:reed")


def test_templates_ask_for_declared_permissions_alone() -> None:
    import re

    declared = {p.name for feature in load_features(FEATURES) for p in feature.permissions}
    for path in (ROOT / "templates").rglob("*.html"):
        # A name that is worked out is looked at when it is asked for.
        for name in re.findall(r"""can\(["']([^)]*)["']\)""", path.read_text("utf-8")):
            assert name in declared, f"{path.name} asks for {name}"


class TestTheTerminal:
    @pytest.fixture
    def run(self, app: Flask, user: str) -> FlaskCliRunner:
        return app.test_cli_runner()

    def test_makes_gives_shows_and_takes(self, run: FlaskCliRunner, user: str) -> None:
        for words, said in (
            (f"create keeper --permission {READ}", f"Created keeper: {READ}."),
            (f"grant {user} keeper", f"{user} is keeper."),
            (f"grant {user} keeper", f"{user} was already keeper."),
            ("list", f"keeper\t1\t{READ}\n"),
            ("show keeper", f"{READ}\tLook.\n{user}\n"),
            (f"set keeper --permission {WRITE}", f"Changed keeper: {WRITE}."),
            ("set keeper", "Changed keeper: allows nothing yet."),
            (f"revoke {user} keeper", f"{user} is no longer keeper."),
            (f"revoke {user} keeper", f"{user} was not keeper."),
            ("delete keeper", "keeper is gone."),
            (f"admin {user}", f"{user} is admin."),
        ):
            result = run.invoke(args=["roles", *words.split()])
            assert result.exit_code == 0, result.output
            assert said in result.output

    def test_makes_an_administrator_of_nobody(self, app: Flask, run: FlaskCliRunner) -> None:
        command = ["roles", "admin", "new@example.com", "--password-stdin"]
        result = run.invoke(args=command, input=PASSWORD)
        assert "Created new@example.com.\nnew@example.com is admin.\n" in result.output
        assert Browser(app).sign_in("new@example.com").status_code == 303

    def test_says_in_one_sentence_what_is_wrong(self, run: FlaskCliRunner, user: str) -> None:
        run.invoke(args=["roles", "create", "keeper"])
        run.invoke(args=["roles", "admin", user])
        for words, said in (
            ("create keeper", "There is a role keeper already."),
            ("create admin", "There is a role admin already."),
            ("create Keeper", "small letters"),
            ("create x --permission shelf:reed", "There are: "),
            ("show nobody", "There are: admin, keeper."),
            ("grant x@example.com keeper", "There is no account for x@example.com."),
            (f"grant {user} nobody", "There is no role 'nobody'"),
            ("set admin", "stays as it is"),
            ("delete admin", "stays as it is"),
            (f"revoke {user} admin", "This is the last administrator."),
        ):
            result = run.invoke(args=["roles", *words.split()])
            assert result.exit_code == 1, words
            assert said in result.output
            assert result.output.count("\n") == 1


def test_the_doctor_finds_what_no_feature_declares(app: Flask) -> None:
    with app.app_context():
        service.create_role(KEEPER, (READ,))
        assert list(doctor()) == []
        db.session.execute(db.update(RolePermission).values(permission="barn:paint"))
        (fault,) = doctor()
        assert fault.startswith("The role keeper holds barn:paint, which no feature declares")


def test_roles_go_with_their_owner_and_into_the_copy(app: Flask, keeper: str) -> None:
    run = app.test_cli_runner()
    assert '"role": "keeper"' in run.invoke(args=["accounts", "export", keeper]).output
    assert run.invoke(args=["accounts", "erase", keeper, "--yes"]).exit_code == 0
    with app.app_context():
        assert service.get_role(KEEPER).holders == 0


def test_the_account_page_names_roles_where_there_are_any(
    app: Flask, signed_in: Browser, user: str, tmp_path: Path
) -> None:
    assert "Roles" not in signed_in.get("/account").text
    with app.app_context():
        service.grant(get_user(user), "admin")
        db.session.commit()
    page = signed_in.get("/account").text
    assert "Roles" in page
    assert "admin" in page
