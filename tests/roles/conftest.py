"""Views behind every kind of mark that asks for roles, for each kind of credential."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template_string
from flask.views import MethodView
from werkzeug.test import TestResponse

from app import create_app
from app.accounts.service import get_user
from app.core.access import permission_required, public, roles_required, signed_in
from app.core.current import current_principal
from app.core.face import AUTHENTICATORS, Authenticator  # feature: api
from app.core.feature import Feature, Permission
from app.core.principal import Principal  # feature: api
from app.extensions import db
from app.roles import service
from tests.added_feature import add_feature
from tests.conftest import (
    Browser,
    Program,  # feature: api
)

Ask = Callable[[str], TestResponse]
KEEPER, READ, WRITE = "keeper", "shelf:read", "shelf:write"


def new_view() -> Callable[[], str]:
    """Return a view of its own: a mark stays on the function that it was put on."""
    return lambda: current_principal.method


def shelf(name: str, prefix: str) -> Blueprint:
    """Return the same views behind marks on functions, methods, classes and blueprints."""
    whole = Blueprint(name, __name__, url_prefix=prefix)
    marks = {"role": roles_required(KEEPER), "permission": permission_required(READ)}
    for mark, decorate in marks.items():
        inside = Blueprint(f"{mark}s", __name__, url_prefix=f"/{mark}s")
        deeper = Blueprint("deeper", __name__, url_prefix="/deeper")
        decorate(inside).add_url_rule("/", "all", new_view())
        inside.add_url_rule("/known", "known", signed_in(new_view()))
        inside.add_url_rule("/way-in", "way_in", public(new_view()))
        deeper.add_url_rule("/", "all", signed_in(new_view()))
        inside.register_blueprint(deeper)
        whole.register_blueprint(inside)
        method = type("Page", (MethodView,), {"get": staticmethod(decorate(new_view()))})
        view_class = decorate(type("Page", (MethodView,), {"get": staticmethod(new_view())}))
        whole.add_url_rule(f"/{mark}", mark, decorate(new_view()))
        whole.add_url_rule(f"/{mark}-method", view_func=method.as_view(f"{mark}_method"))
        whole.add_url_rule(f"/{mark}-class", view_func=view_class.as_view(f"{mark}_class"))
    whole.add_url_rule("/button", "button", signed_in(button))
    return whole


def button() -> str:
    """Show what a template may show."""
    return render_template_string('{% if can("shelf:write") %}a button{% else %}nothing{% endif %}')


GUARDED = [
    *(f"/{mark}{kind}" for mark in ("role", "permission") for kind in ("", "-method", "-class")),
    *(f"/{mark}s{path}" for mark in ("role", "permission") for path in ("/", "/known", "/deeper/")),
]


@pytest.fixture
def app(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, empty_tables: Path) -> Flask:
    """A house in which a feature declares permissions."""
    declare(monkeypatch, Permission(READ, "Look."), Permission(WRITE, "Put."))
    house = create_app(settings)
    house.register_blueprint(shelf("pages", "/shelf"))
    house.register_blueprint(shelf("programs", "/api/v1/shelf"))  # feature: api
    with house.app_context():
        db.create_all()
    return house


# feature: api
class Badge(Authenticator):
    """A service: somebody who is known, and no account. What it shows is the role it has."""

    scheme = "Badge"
    about = "From the porter."

    def authenticate(self, credentials: str) -> Principal:
        allowed = frozenset({READ}) if credentials == KEEPER else frozenset()
        return Principal(method="badge", roles=frozenset({credentials}), permissions=allowed)


# endfeature
def declare(monkeypatch: pytest.MonkeyPatch, *permissions: Permission) -> None:
    """Let a feature more declare permissions."""

    add_feature(
        monkeypatch,
        Feature("shelf", permissions=permissions),
        lambda app: AUTHENTICATORS.add(app, Badge()),  # feature: api
    )


def by_cookie(app: Flask, email: str) -> Ask:
    """Ask as a browser does."""
    browser = Browser(app)
    assert browser.sign_in(email).status_code == 303
    return lambda path: browser.get(f"/shelf{path}")


# feature: api
def by_bearer(app: Flask, email: str) -> Ask:
    """Ask as a program does."""
    program = Program(app)
    assert program.sign_in(email).status_code == 200
    return lambda path: program.send("GET", f"/shelf{path}")


# endfeature
CREDENTIALS = {
    "session": by_cookie,
    "jwt": by_bearer,  # feature: api
}


@pytest.fixture
def keeper(app: Flask, user: str) -> str:
    """An account with a role that allows to look."""
    with app.app_context():
        service.create_role(KEEPER, (READ,))
        service.grant(get_user(user), KEEPER)
        db.session.commit()
    return user


@pytest.fixture
def administrator(app: Flask, user: str) -> str:
    """The one account that administers the house."""
    with app.app_context():
        service.grant(get_user(user), "admin")
        db.session.commit()
    return user
