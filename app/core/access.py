"""Who may call a route: declared on the view, checked before it, closed when nothing is said.

A decorator only leaves a mark. It does not wrap the view, so it works above and below the route
decorator alike; a wrapper placed above would silently guard nothing, which is a known hole in
decorators of this kind. The marks are read in one place, before the view runs. A mark can only
close further what stands around it; ``public`` alone opens.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, request
from werkzeug.exceptions import HTTPException

from app.core import clock
from app.core.current import current_principal
from app.core.principal import Principal
from app.core.registry import UnknownPermission, registry

Target = TypeVar("Target", bound=Callable[..., Any] | Blueprint)

# Files that every page needs. Flask and Bootstrap-Flask register these routes themselves.
STATIC_ENDPOINTS = frozenset({"static", "bootstrap.static"})


class SignInRequired(HTTPException):
    """Nobody has been recognised: 401, "who are you?" (RFC 9110, section 15.5.2)."""

    code = 401
    description = "Sign in to see this page."


class NotAllowed(HTTPException):
    """Somebody has been recognised, and this is not for them: 403 (RFC 9110, section 15.5.4)."""

    code = 403
    description = "This is not for your account."
    reason = "forbidden"  # what programs decide by


class AccountRequired(NotAllowed):
    """A service has been recognised, and what it asks for is a person's own."""

    description = "This belongs to an account, and a service has none."
    reason = "account_required"


class ReauthenticationRequired(Exception):
    """The person was recognised too long ago for what they ask."""


@dataclass(frozen=True, eq=False)  # each is itself alone; comparing fields costs every request
class Rule:
    """What a mark asks for.

    Args:
        words: what it asks for, for the documents.
        ask: takes the principal, and raises unless they may pass.
        permissions: any of which passes it.
    """

    words: str
    ask: Callable[[Principal], None]
    permissions: tuple[str, ...] = ()


def _refuse(_: Principal) -> None:
    raise SignInRequired


def _let_pass(_: Principal) -> None:
    return


def _must_be_known(principal: Principal) -> None:
    if not principal.is_known:
        raise SignInRequired


def _must_be_signed_in(principal: Principal) -> None:
    _must_be_known(principal)
    if not principal.is_signed_in:
        raise AccountRequired


NOBODY = Rule("nobody", _refuse)
EVERYBODY = Rule("everybody", _let_pass)
SIGNED_IN = Rule("signed in", _must_be_signed_in)


def _mark(target: Target, *rules: Rule) -> Target:
    """Put rules in front of those the target has: the decorator written on top is asked first."""
    target.access_rules = (*rules, *getattr(target, "access_rules", ()))  # type: ignore[union-attr]
    return target


def public(target: Target) -> Target:
    """Open a view, a view class or a whole blueprint to everybody."""
    return _mark(target, EVERYBODY)


def signed_in(target: Target) -> Target:
    """Ask for an account: what a view shows is somebody's own, and a service has nothing."""
    return _mark(target, SIGNED_IN)


def roles_required(*names: str) -> Callable[[Target], Target]:
    """Ask for roles, all of them. A permission is the better question: roles can be cut anew.

    Args:
        names: of roles, which are rows and may be missing: then nobody has them.
    """

    def must_have_roles(principal: Principal) -> None:
        _must_be_known(principal)
        if not principal.roles.issuperset(names):
            raise NotAllowed

    rule = Rule(f"role {' and '.join(names)}", must_have_roles)
    return lambda target: _mark(target, rule)


def permission_required(*names: str) -> Callable[[Target], Target]:
    """Ask for a permission, whichever role holds it; of several, one is enough.

    Args:
        names: that features declare; another is an error when the application starts.
    """

    def must_be_permitted(principal: Principal) -> None:
        _must_be_known(principal)
        if not any(map(principal.can, names)):
            raise NotAllowed

    rule = Rule(f"permission {' or '.join(names)}", must_be_permitted, names)
    return lambda target: _mark(target, rule)


def recently_authenticated(minutes: int = 10) -> Callable[[Target], Target]:
    """Ask for proof of presence within the last minutes, before a change that hurts if stolen.

    Args:
        minutes: how old the proof may be (OWASP ASVS 5.0.0, 7.5.1).
    """

    def must_be_recent(principal: Principal) -> None:
        _must_be_known(principal)
        proved = principal.authenticated_at
        if proved is None or clock.now() - proved > timedelta(minutes=minutes):
            raise ReauthenticationRequired

    rule = Rule(f"proof of presence in the last {minutes} minutes", must_be_recent)
    return lambda target: _mark(target, rule)


def access_rules(app: Flask, endpoint: str, method: str = "GET") -> tuple[Rule, ...]:
    """Return the rules of a route, in the order in which they are asked.

    From the outside: those of the blueprint and of what it stands in, of the view class, of the
    view, of the method. Each adds to what stands around it, so a view cannot lose what its
    blueprint asks for by asking for one thing more. Only ``public`` opens, by name, one page of a
    closed blueprint.
    """
    if endpoint in STATIC_ENDPOINTS:
        return (EVERYBODY,)
    view = app.view_functions[endpoint]
    view_class = getattr(view, "view_class", None)
    names = endpoint.split(".")[:-1]  # a blueprint can stand in another one
    blueprints = (app.blueprints.get(".".join(names[: n + 1])) for n in range(len(names)))
    # Asked for HEAD, a view class without one answers by what it does for GET.
    answers = getattr(view_class, method.lower(), None)
    answers = answers or (getattr(view_class, "get", None) if method == "HEAD" else None)
    places = (*blueprints, view_class, view, answers)
    asked: tuple[Rule, ...] = ()
    for place in places:
        marks = getattr(place, "access_rules", ())
        asked = marks if EVERYBODY in marks else (*asked, *marks)
    return asked or (NOBODY,)


def check_access() -> None:
    """Hold the request against the rules of its route."""
    if request.endpoint is None:
        return  # no such page: the 404 or 405 is on its way
    if request.method == "OPTIONS" and getattr(
        request.url_rule, "provide_automatic_options", False
    ):
        return  # Flask answers which methods there are, and the view is not called
    for rule in access_rules(current_app, request.endpoint, request.method):
        rule.ask(current_principal)


def may_follow(endpoint: str) -> bool:
    """Tell whether whoever asks may see a page; fresh proof can be given on the way."""
    for rule in access_rules(current_app, endpoint):
        try:
            rule.ask(current_principal)
        except ReauthenticationRequired:
            continue
        except (SignInRequired, NotAllowed):
            return False
    return True


def _check_permissions(app: Flask) -> None:
    """Refuse to start with a route that asks for what no role can hold.

    Raises:
        UnknownPermission: with the route.
    """
    with app.app_context():
        declared = registry().permissions
    for route in app.url_map.iter_rules():
        for method in route.methods or ():
            for rule in access_rules(app, route.endpoint, method):
                for name in set(rule.permissions) - set(declared):
                    raise UnknownPermission(f"{name}, which {route.endpoint} asks for")


def init_app(app: Flask) -> None:
    """Check every request, after the form token has been checked."""
    _check_permissions(app)
    app.jinja_env.globals["may_follow"] = may_follow
    app.before_request(check_access)
