"""A new scheme is one class, and every rule of access means the same for each of them."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from flask.views import MethodView
from flask_login import current_user
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import service as accounts
from app.core import clock
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.extension import ContributionRefused
from app.core.face import AUTHENTICATORS, Authenticator, CredentialsRefused
from app.core.feature import Feature
from app.core.limits import limiter
from app.core.principal import Principal
from app.extensions import db
from tests.added_feature import add_feature
from tests.api.forge import Explorer
from tests.conftest import PASSWORD, Browser, Clock

ADDRESS = "ada@example.com"


class Badge(Authenticator):
    """What hangs on a coat: the address of its owner, and nothing that proves it."""

    scheme = "Badge"
    about = "From the porter."

    def authenticate(self, credentials: str) -> Principal:
        user = accounts.find_user(credentials)
        if user is None:
            raise CredentialsRefused("no_such_badge", "Ask the porter for a new one.")
        return Principal(
            user.id, user.public_id, user.name, method="badge", authenticated_at=clock.now()
        )


def new_view() -> Callable[[], str]:
    """Return a view of its own: a mark stays on the function that it was put on."""
    return lambda: current_principal.method


def toy_pages(name: str, prefix: str) -> list[Blueprint]:
    """Return the same views behind every mark: on functions, methods, classes and blueprints."""
    open_house, closed, fresh = (
        Blueprint(f"{name}_{kind}", __name__, url_prefix=f"{prefix}/{kind}")
        for kind in ("open", "closed", "fresh")
    )
    signed_in(closed).add_url_rule("/", "all", new_view())
    closed.add_url_rule("/way-in", "way_in", public(new_view()))
    recently_authenticated()(fresh).add_url_rule("/", "all", new_view())
    open_house.add_url_rule("/nothing", "nothing", new_view())
    marks = {"public": public, "signed": signed_in, "recent": recently_authenticated()}
    for mark, decorate in marks.items():
        method = type("Page", (MethodView,), {"get": staticmethod(decorate(new_view()))})
        whole = decorate(type("Page", (MethodView,), {"get": staticmethod(new_view())}))
        open_house.add_url_rule(f"/{mark}", mark, decorate(new_view()))
        open_house.add_url_rule(f"/{mark}-method", view_func=method.as_view(f"{mark}_method"))
        open_house.add_url_rule(f"/{mark}-class", view_func=whole.as_view(f"{mark}_class"))
    return [open_house, closed, fresh]


@pytest.fixture
def app(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application with one feature more, which brings the scheme and nothing else."""
    add_feature(
        monkeypatch,
        Feature("badges", needs=("api",)),
        lambda app: AUTHENTICATORS.add(app, Badge()),
    )
    extended = create_app(settings)
    for blueprint in [*toy_pages("page", "/toy"), *toy_pages("program", "/api/v1/toy")]:
        extended.register_blueprint(blueprint)
    with extended.app_context():
        db.create_all()
        limiter.reset()
        accounts.create(email=ADDRESS, name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    return extended


Ask = Callable[[str], TestResponse]


def by_cookie(app: Flask) -> Ask:
    browser = Browser(app)
    browser.sign_in(ADDRESS)
    return lambda path: browser.get(f"/toy{path}")


def by_bearer(app: Flask) -> Ask:
    program = Explorer(app)
    program.sign_in(ADDRESS)
    return lambda path: program.get(f"/toy{path}")


def by_badge(app: Flask) -> Ask:
    client, headers = app.test_client(), {"Authorization": f"badge {ADDRESS}"}
    options = {"base_url": "http://localhost:8000", "headers": headers}
    return lambda path: client.get(f"/api/v1/toy{path}", **options)  # type: ignore[arg-type]


SCHEMES = {"session": by_cookie, "jwt": by_bearer, "badge": by_badge}
OPEN = ["/open/public", "/open/public-method", "/open/public-class", "/closed/way-in"]
CLOSED = ["/open/signed", "/open/signed-method", "/open/signed-class", "/closed/"]
FRESH = ["/open/recent", "/open/recent-method", "/open/recent-class", "/fresh/"]


@pytest.mark.asvs("8.3.1")
@pytest.mark.parametrize("method", SCHEMES)
def test_every_mark_means_the_same_for_every_scheme(app: Flask, method: str) -> None:
    ask = SCHEMES[method](app)
    for path in (*OPEN, *CLOSED, *FRESH):
        answer = ask(path)
        assert (answer.status_code, answer.text) == (200, method), path
    refused = ask("/open/nothing")
    assert refused.status_code == (303 if method == "session" else 401)


@pytest.mark.asvs("7.5.1")
@pytest.mark.parametrize("method", ["session", "jwt"])
def test_an_old_proof_is_refused_for_every_scheme(
    app: Flask, moving_clock: Clock, method: str
) -> None:
    ask = SCHEMES[method](app)
    moving_clock.forward(minutes=11)
    for path in (*OPEN, *CLOSED):
        assert ask(path).status_code == 200, path
    for path in FRESH:
        refused = ask(path)
        if method == "session":
            assert refused.headers["Location"].startswith("/reauthenticate"), path
        else:
            assert (refused.status_code, refused.json["code"]) == (
                403,
                "reauthentication_required",
            ), path


@pytest.mark.asvs("8.3.1")
@pytest.mark.parametrize("prefix", ["/toy", "/api/v1/toy"])
def test_a_stranger_is_refused_at_every_mark_but_public(app: Flask, prefix: str) -> None:
    stranger = Browser(app)
    for path in OPEN:
        answer = stranger.get(prefix + path)
        assert (answer.status_code, answer.text) == (200, "none"), path
    for path in (*CLOSED, *FRESH, "/open/nothing"):
        answer = stranger.get(prefix + path)
        assert answer.status_code == (401 if prefix == "/api/v1/toy" else 303), path
        assert answer.text != "none"


def test_a_scheme_that_nobody_declared_is_refused(app: Flask) -> None:
    for value in ("Sesame open", "Badge"):
        answer = Explorer(app).get("/me", headers={"Authorization": value})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", Badge realm="api"'
    unknown = Explorer(app).get("/me", headers={"Authorization": "Sesame open"})
    assert unknown.json["detail"] == "Send one of these: bearer, badge."


def test_a_second_feature_with_the_same_scheme_is_refused(
    app: Flask, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_feature(monkeypatch, Feature("again"), lambda app: AUTHENTICATORS.add(app, Badge()))
    with pytest.raises(ContributionRefused, match=r"again: .* has 'badge' already, from badges"):
        create_app(settings)


@pytest.mark.parametrize("method", ["jwt", "badge"])
def test_current_user_is_the_user_and_costs_a_query_only_when_asked(
    app: Flask, method: str, statements: list[str]
) -> None:
    def who() -> str:
        return f"{current_user.email} {current_user.is_authenticated} {current_user.is_active}"

    app.add_url_rule("/api/v1/toy/who", "who", signed_in(who))
    app.add_url_rule("/api/v1/toy/nobody", "nobody", public(lambda: str(current_user.is_anonymous)))
    ask = SCHEMES[method](app)
    statements.clear()
    ask("/closed/")
    assert len(statements) == 1
    assert ask("/who").text == f"{ADDRESS} True True"
    assert len(statements) <= 1 + 2
    answer = app.test_client().get("/api/v1/toy/nobody", base_url="http://localhost:8000")
    assert answer.text == "True"
