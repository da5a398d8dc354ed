"""Limits: asked by the routes that have one, and at every request where one holds everywhere."""

import pytest
from flask import Blueprint, Flask
from flask_limiter import Limiter

from app.core.limits import RouteLimiter, client_network


def answers(app: Flask) -> list[int]:
    """Ask twice and return both answers."""
    return [app.test_client().get("/").status_code for _ in range(2)]


@pytest.fixture
def asked() -> tuple[Flask, RouteLimiter]:
    """An application of one page, and a limiter that it has taken in."""
    app = Flask("limited")
    limiter = RouteLimiter(client_network, storage_uri="memory://")
    limiter.init_app(app)
    return app, limiter


def test_the_limit_of_a_route_is_kept(asked: tuple[Flask, RouteLimiter]) -> None:
    app, limiter = asked
    app.add_url_rule("/", "page", limiter.limit("1 per hour")(lambda: "a page"))
    assert answers(app) == [200, 429]


def test_the_limit_of_a_blueprint_is_kept(asked: tuple[Flask, RouteLimiter]) -> None:
    app, limiter = asked
    pages = Blueprint("pages", "pages")
    pages.add_url_rule("/", "page", lambda: "a page")
    limiter.limit("1 per hour")(pages)
    app.register_blueprint(pages)
    assert answers(app) == [200, 429]


@pytest.mark.parametrize("setting", ["RATELIMIT_DEFAULT", "RATELIMIT_APPLICATION"])
def test_a_limit_of_all_routes_is_kept(setting: str) -> None:
    app = Flask("limited")
    app.config[setting] = "1 per hour"
    app.add_url_rule("/", "page", lambda: "a page")
    RouteLimiter(client_network, storage_uri="memory://").init_app(app)
    assert answers(app) == [200, 429]


def test_only_hooks_of_the_library_are_taken_away() -> None:
    """Counted from the end of Flask's lists, so another version of it could hit one of ours."""
    bare, with_library, ours = Flask("bare"), Flask("library"), Flask("ours")
    for each in (bare, with_library, ours):
        each.after_request(lambda answer: answer)
        each.teardown_request(lambda _: None)
    Limiter(client_network, storage_uri="memory://").init_app(with_library)
    RouteLimiter(client_network, storage_uri="memory://").init_app(ours)
    for place in ("after_request_funcs", "teardown_request_funcs"):
        behind = [len(getattr(each, place)[None]) for each in (bare, with_library, ours)]
        assert behind == [1, 2, 1], place
