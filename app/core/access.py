"""Who may call a route: declared on the view, checked before it, closed when nothing is said.

A decorator only leaves a mark. It does not wrap the view, so it works above and below the route
decorator alike; a wrapper placed above would silently guard nothing, which is a known hole in
decorators of this kind. The marks are read in one place, before the view runs.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, request
from werkzeug.exceptions import HTTPException

from app.core import clock
from app.core.principal import Principal, current_principal

Target = TypeVar("Target", bound=Callable[..., Any] | Blueprint)
Rule = Callable[[Principal], None]

# Files that every page needs. Flask and Bootstrap-Flask register these routes themselves.
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


class SignInRequired(HTTPException):
    """Nobody has been recognised: 401, "who are you?" (RFC 9110, section 15.5.2)."""

    code = 401
    description = "Sign in to see this page."


class ReauthenticationRequired(Exception):
    """The person was recognised too long ago for what they ask."""


def _nobody_may(_: Principal) -> None:
    raise SignInRequired


def _anybody_may(_: Principal) -> None:
    return


def _must_be_signed_in(principal: Principal) -> None:
    if not principal.is_signed_in:
        raise SignInRequired


def _mark(target: Target, *rules: Rule) -> Target:
    """Put rules in front of those the target has: the decorator written on top is asked first."""
    target.access_rules = (*rules, *getattr(target, "access_rules", ()))  # type: ignore[union-attr]
    return target


def public(target: Target) -> Target:
    """Open a view, a view class or a whole blueprint to everybody."""
    return _mark(target, _anybody_may)


def signed_in(target: Target) -> Target:
    """Ask that somebody has been recognised."""
    return _mark(target, _must_be_signed_in)


def recently_authenticated(minutes: int = 10) -> Callable[[Target], Target]:
    """Ask for proof of presence within the last minutes, before a change that hurts if stolen.

    Args:
        minutes: how old the proof may be (OWASP ASVS 5.0.0, 7.5.1).
    """

    def must_be_recent(principal: Principal) -> None:
        _must_be_signed_in(principal)
        proved = principal.authenticated_at
        if proved is None or clock.now() - proved > timedelta(minutes=minutes):
            raise ReauthenticationRequired

    return lambda target: _mark(target, must_be_recent)


def access_rules(app: Flask, endpoint: str, method: str = "GET") -> tuple[Rule, ...]:
    """Return the rules of a route, from the nearest mark: method, view or class, blueprint.

    The nearest wins whole, so that one page of a closed blueprint can be opened by name.
    """
    if endpoint in STATIC_ENDPOINTS:
        return (_anybody_may,)
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    blueprint = app.blueprints.get(endpoint.rpartition(".")[0])
    places = (getattr(view_class, method.lower(), None), view, view_class, blueprint)
    marks = (getattr(place, "access_rules", ()) for place in places if place is not None)
    return next((rules for rules in marks if rules), (_nobody_may,))


def check_access() -> None:
    """Hold the request against the rules of its route."""
    if request.endpoint is None:
        return  # no such page: the 404 or 405 is on its way
    if request.method == "OPTIONS" and getattr(
        request.url_rule, "provide_automatic_options", False
    ):
        return  # Flask answers which methods there are, and the view is not called
    for rule in access_rules(current_app, request.endpoint, request.method):
        rule(current_principal)


def init_app(app: Flask) -> None:
    """Check every request, after the form token has been checked."""
    app.before_request(check_access)
