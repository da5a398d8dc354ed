# file of feature: login
"""Somebody of every kind, who asks for every route: what the walk through the house is made of."""

import inspect
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.accounts.models import User
from app.core import clock  # feature: api
from app.core.access import EVERYBODY, NOBODY, SIGNED_IN, access_rules
from app.core.face import Authenticator  # feature: api
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.core.principal import Principal  # feature: api
from app.core.registry import registry  # feature: roles
from app.extensions import db
from app.login.models import LoginSession
from app.roles import service as roles  # feature: roles
from tests.conftest import (
    PASSWORD,
    Browser,
    Clock,
    Program,  # feature: api
)
from tests.house.planted import HOSTILE, MARK, is_planted

API = "/api/v1"  # feature: api
USER, OTHER, ADMINISTRATOR = "ada@example.com", "grace@example.com", "root@example.com"
PEOPLE = {"user": USER, "other user": OTHER}
PEOPLE["administrator"] = ADMINISTRATOR  # feature: roles
# What stands in a place of an address and belongs to no account that could ask for it.
NOBODYS = {
    "filename": "files of every page",
    "token": "a secret of a mail opens for whoever holds it",
    "mail_id": "the inbox of the development, which refuses to exist in production",
}
NOBODYS["provider"] = "the same for everybody"  # feature: social


def account(email: str) -> User:
    """Return somebody who is there."""
    found = accounts.find_user(email)
    assert found
    return found


def session_of_the_user() -> UUID:
    """Return where the user signed in first."""
    own = db.select(LoginSession.public_id).join(User, User.id == LoginSession.user_id)
    wanted = own.where(User.email == USER).order_by(LoginSession.id)
    return UUID(db.session.scalars(wanted).first())


def nothing(_: "Walk") -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Known:
    """What the walk must know of a feature: ``tests/<feature>/walk.py`` says it as ``KNOWN``.

    Args:
        things: by blueprint and place of an address, something of the user's that it can name.
        sent: by endpoint, what is sent where that is read before the thing is looked up.
        shown: by who asks, the endpoints that must show what the user wrote; ``mail`` is a mail.
        prepare: lets the user have one of each of these things.
    """

    things: dict[tuple[str, str], Callable[[], object]] = field(default_factory=dict)
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    shown: dict[str, set[str]] = field(default_factory=dict)
    prepare: Callable[["Walk"], None] = nothing


@dataclass
class Caller:
    """Somebody who asks, as the marks see them."""

    known: bool = True
    has_account: bool = True
    roles: frozenset[str] = frozenset()  # feature: roles
    permissions: frozenset[str] = frozenset()
    cookie: str = ""
    form_token: str = ""
    authorization: str = ""


# feature: api
class Badge(Authenticator):
    """A service: somebody who is known, may read what a permission opens, and is no account."""

    scheme = "Badge"
    about = "From the porter."

    def authenticate(self, credentials: str) -> Principal:
        proved = clock.now() if credentials == "fresh" else None
        return Principal(
            method="badge",
            authenticated_at=proved,
            permissions=may_read(),  # feature: roles
        )


# endfeature
# feature: roles
def may_read() -> frozenset[str]:
    return frozenset(name for name in registry().permissions if name.endswith(":read"))


# endfeature
@dataclass
class Walk:
    """A house with everybody in it, who each ask for each route.

    What people can write is hostile everywhere in it, and no page may believe it.
    """

    app: Flask
    clock: Clock
    tables: Path
    known: list[Known]
    callers: dict[str, Caller] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    looked: int = 0

    def __post_init__(self) -> None:
        for endpoint, view in list(self.app.view_functions.items()):
            self.app.view_functions[endpoint] = self._noting(endpoint, view)
        self.callers["anonymous"] = self._at_browser(Caller(known=False), Browser(self.app))
        for who, email in PEOPLE.items():
            self.callers[who] = self._person(who, email)
        self.callers["service"] = self._service()  # feature: api
        for feature in self.known:
            feature.prepare(self)
        self.kept = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.tables)) as now:
            now.backup(self.kept)

    def _noting(self, endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def noting(*args: Any, **places: Any) -> Any:
            self.reached.append(endpoint)
            return view(*args, **places)

        return noting

    def _at_browser(self, caller: Caller, browser: Browser) -> Caller:
        caller.form_token = browser.token("/reauthenticate" if caller.known else "/login")
        caller.cookie = browser.cookie()
        return caller

    def _person(self, who: str, email: str) -> Caller:
        with self.app.app_context():
            name = f"{who} {HOSTILE}"
            accounts.create(email=email, name=name, password=PASSWORD, confirmed=True)
            caller = Caller()
            # feature: roles
            if who == "administrator":
                roles.grant(accounts.get_user(email), "admin")
                caller.roles, caller.permissions = (
                    frozenset({"admin"}),
                    frozenset(registry().permissions),
                )
            # endfeature
            db.session.commit()
        browser = Browser(self.app)
        browser.client.environ_base["HTTP_USER_AGENT"] = HOSTILE
        assert browser.sign_in(email).status_code == 303
        # feature: api
        program = Program(self.app)
        assert program.sign_in(email).status_code == 200
        caller.authorization = f"Bearer {program.access_token}"
        # endfeature
        return self._at_browser(caller, browser)

    def browser(self, who: str) -> Browser:
        """Return a browser in which somebody is signed in already."""
        browser = Browser(self.app)
        browser.client.set_cookie("session", self.callers[who].cookie)
        return browser

    # feature: api
    def _service(self) -> Caller:
        permissions: frozenset[str] = frozenset()
        # feature: roles
        with self.app.app_context():
            permissions = may_read()
        # endfeature
        return Caller(has_account=False, authorization="Badge fresh", permissions=permissions)

    # endfeature
    def routes(self) -> Iterator[tuple[Rule, str]]:
        """Yield each route with each of its methods."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method

    def faults(self, who: str, *, fresh: bool, below: str = "/") -> list[str]:
        """Return a sentence for each answer that is not what the marks say."""
        found = []
        for rule, method in self.routes():
            if not rule.rule.startswith(below) or not self._comes_to(who, rule.rule):
                continue
            try:
                self._ask(who, rule, method, fresh=fresh)
            except AssertionError as wrong:
                found.append(
                    f"{method} {rule.rule} ({rule.endpoint}): {str(wrong).splitlines()[0]}"
                )
        return found

    def _comes_to(self, who: str, path: str) -> bool:
        """Tell whether a caller has a way to ask there: a service has no cookie."""
        # feature: api
        if who == "service":
            return path.startswith(API)
        # endfeature
        return bool(path)

    def _ask(self, who: str, rule: Rule, method: str, *, fresh: bool) -> None:
        caller = self.callers[who]
        expected = decision(self.app, rule.endpoint, method, caller, fresh=fresh)
        answer = self._send(caller, rule, method, fresh=fresh)
        looked, self.looked = self.looked, answer.status_code
        assert bool(self.reached) == (expected == "open"), (
            f"expected {expected}, got {answer.status}"
        )
        assert answer.status_code < 500, f"broke with {answer.status_code}"
        self._read(rule.endpoint, answer)
        if expected != "open":
            check_refusal(rule.rule, method, expected, answer)
        elif set(rule.arguments) - set(NOBODYS):
            check_owner(self.app, rule, method, who, answer)
        if method == "HEAD":
            assert answer.status_code == looked, f"GET {looked}, but {answer.status}"

    def _read(self, endpoint: str, answer: TestResponse) -> None:
        """Look for what somebody's text planted, and note where it is shown as text."""
        if answer.mimetype == "text/html" and MARK in answer.text:
            assert not is_planted(answer.text), "believes what somebody wrote"
            self.shown.add(endpoint)

    def _send(self, caller: Caller, rule: Rule, method: str, *, fresh: bool) -> TestResponse:
        path = self.address(rule, method)
        client = self.app.test_client()
        sent = next(
            (one.sent[rule.endpoint] for one in self.known if rule.endpoint in one.sent), {}
        )
        data: dict[str, Any] = {"data": {"csrf_token": caller.form_token, **sent}}
        client.set_cookie("session", caller.cookie)
        # feature: api
        if path.startswith(API):
            data = {"json": sent, "headers": {}}
            if caller.authorization:
                shown = (
                    caller.authorization if fresh else caller.authorization.replace("fresh", "old")
                )
                data["headers"]["Authorization"] = shown
        # endfeature
        if method in ("GET", "HEAD"):
            data.pop("data", data.pop("json", None))
        self.reached.clear()
        limiter.reset()
        answer = client.open(path, method=method, base_url="http://localhost:8000", **data)
        answer.get_data()
        if method not in ("GET", "HEAD"):
            self._read_mails()
            with closing(sqlite3.connect(self.tables)) as now:
                self.kept.backup(now)
        return answer

    def _read_mails(self) -> None:
        """Look for the same in what was posted meanwhile."""
        with self.app.app_context():
            for mail in db.session.scalars(db.select(OutboxMail)):
                if MARK in (page := mail.parts()["html"]):
                    assert not is_planted(page), "posts what believes what somebody wrote"
                    self.shown.add("mail")

    def address(self, rule: Rule, method: str) -> str:
        """Return an address of a route, with a thing of the user's in its places."""
        blueprint = rule.endpoint.rpartition(".")[0]
        blueprint = blueprint.removesuffix("_api")  # feature: api
        values: dict[str, object] = {}
        things = {place: thing for one in self.known for place, thing in one.things.items()}
        with self.app.app_context():
            for place in sorted(rule.arguments):
                if place in NOBODYS:
                    values[place] = 1
                    continue
                thing = things.get((blueprint, place))
                assert thing, f"nobody said whose {place} this is"
                values[place] = thing()
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method)


def decision(app: Flask, endpoint: str, method: str, caller: Caller, *, fresh: bool) -> str:
    """Work out from the marks of a route what a caller must be told."""
    # HEAD is answered by what answers GET, so it must be guarded by the same.
    for rule in access_rules(app, endpoint, "GET" if method == "HEAD" else method):
        asked = inspect.getclosurevars(rule.ask).nonlocals
        mark = rule.ask.__name__
        if rule is EVERYBODY:
            continue
        assert rule is not NOBODY, "declares nothing"
        if not caller.known:
            return "who are you"
        if rule is SIGNED_IN and not caller.has_account:
            return "account required"
        # feature: roles
        if mark == "must_have_roles" and not caller.roles.issuperset(asked["names"]):
            return "not allowed"
        if mark == "must_be_permitted" and not caller.permissions.intersection(asked["names"]):
            return "not allowed"
        # endfeature
        if mark == "must_be_recent" and not fresh:
            return "prove presence"
        known = {SIGNED_IN.ask.__name__, "must_be_recent"}
        known |= {"must_have_roles", "must_be_permitted"}  # feature: roles
        assert mark in known, f"the walk does not know the mark {mark}"
        assert mark != "must_be_recent" or asked["minutes"] <= 10, "the walk waits too shortly"
    return "open"


def check_refusal(path: str, method: str, expected: str, answer: TestResponse) -> None:
    """Hold a refusal against the form that its face gives it."""
    # feature: api
    if path.startswith(API):
        status = 401 if expected == "who are you" else 403
        assert answer.status_code == status, f"expected {expected}, got {answer.status}"
        assert answer.mimetype == "application/problem+json", "is no problem"
        assert status != 401 or answer.headers["WWW-Authenticate"], "names no scheme"
        codes = {"not allowed": "forbidden", "prove presence": "reauthentication_required"}
        codes["account required"] = "account_required"
        if method != "HEAD" and expected in codes:
            assert answer.get_json()["code"] == codes[expected], "gives another reason"
        return
    # endfeature
    if expected == "not allowed":
        assert answer.status_code == 403, f"expected {expected}, got {answer.status}"
        return
    page = "/login" if expected == "who are you" else "/reauthenticate"
    assert answer.status_code == 303, f"expected {expected}, got {answer.status}"
    assert answer.headers["Location"].partition("?")[0] == page, "sends elsewhere"


def check_owner(app: Flask, rule: Rule, method: str, who: str, answer: TestResponse) -> None:
    """Hold an answer about a thing of the user's against who asks for it."""
    rules = access_rules(app, rule.endpoint, method)
    marks = {one.ask.__name__ for one in rules}
    if marks & {"must_be_permitted", "must_have_roles"} or who == "user":
        assert answer.status_code != 404, "does not find what there is, so the walk proves nothing"
    elif set(rules) != {EVERYBODY}:
        assert answer.status_code == 404, f"a thing of somebody else's: {answer.status}"
