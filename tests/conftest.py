"""The test floor: a fresh application and database for each test, used through the front door."""

import gc
import re
import sqlite3  # feature: accounts
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event  # feature: accounts
from sqlalchemy.pool import ConnectionPoolEntry, Pool  # feature: accounts
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import service as accounts  # feature: accounts
from app.core import clock
from app.core.limits import limiter  # feature: accounts
from app.core.outbox import OutboxMail  # feature: accounts
from app.extensions import db  # feature: accounts
from tests.api.document import as_documented  # feature: api
from tests.prepared import PreparedStates  # feature: accounts
from tests.shared_application import SHARED
from tests.statements import collected  # feature: accounts

SETTINGS = {
    "APP_ENV": "development",
    "SITE_NAME": "Example House",
    "PUBLIC_URL": "http://localhost:8000",
    "SECRET_KEY": "k1-for-tests-only-k1-for-tests-only-k1",
    # feature: accounts
    "ENCRYPTION_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "MAIL_FROM": "house@example.com",
    "BCRYPT_ROUNDS": "4",  # the cheapest hash bcrypt makes
    # endfeature
    "JWT_KEYS": "k2-for-tests-only-k2-for-tests-only-k2",  # feature: api
}
PASSWORD = "orbit-lantern-maple-quiet"
USER = "ada@example.com"  # feature: accounts


class LateRule(Rule):
    """An address whose builder is compiled when it is first asked for.

    Some hundred tests make an application of their own, and ask it for few addresses; compiling all
    of them is half the time that this takes. If the method gets another name one day, the tests are
    slower and still right.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        def compile_late(_: Rule, **values: Any) -> tuple[str, str]:
            compiled = super(LateRule, self)._compile_builder(append_unknown).__get__(self, None)
            setattr(self, "_build_unknown" if append_unknown else "_build", compiled)
            return compiled(**values)

        return compile_late


Flask.url_rule_class = LateRule

OPENED: list[ConnectionPoolEntry] = []  # feature: accounts
# Tests in more than one folder need them, and one of each is enough for all.
pytest_plugins = [
    "tests.tiers",
    "tests.parts",
    "tests.tables",
    "tests.template.hypothesis_storage",  # feature: template
    # feature: accounts
    "tests.house.databases",
    "tests.accounts.mail_server",
    # endfeature
    "tests.browser.chromium",  # feature: login
]


# Each is taken for another site, or for a script, by one browser or another.
ELSEWHERE = [
    "https:///evil.com",
    "https:evil.com",
    "/\t/evil.com",
    "/\n/evil.com",
    "/\\evil.com",
    "//evil.com",
    "javascript:alert(1)",
    "http://[x",
    "/a\r\nX: y",
    "%2f%2fevil.com",
    " //evil.com",
    "/./\\evil.com",
    "//evil.com/..",
    "///evil.com",
    "",
]


def without_chance(answer: TestResponse) -> tuple[int, str, dict[str, str]]:
    """Return status, text and headers of an answer without what differs between any two.

    The length is left out because it follows the text, which is compared with the typed
    address taken out.
    """
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    text = re.sub(r'value="[^"]*@[^"]*"', "", text)
    varying = ("X-Request-ID", "Set-Cookie", "Date", "Content-Length")
    return answer.status_code, text, {k: v for k, v in answer.headers if k not in varying}


def pytest_collection_finish() -> None:
    """Let the collector look seldom, and never at what stays: each test leaves a whole house."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once, not once a test, which parts are missing and how to install them.

    And what tests have counted with ``record_property``, added up.
    """
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({str(report.longrepr[2]) for report in skipped}):
        terminalreporter.write_line(reason)
    counted: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for what, number in report.user_properties:
            counted[what] += number
    if counted:
        told = ", ".join(f"{number} {what}" for what, number in sorted(counted.items()))
        terminalreporter.write_line(f"Counted: {told}.")


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """The environment of the application under test; a test may change it before `app`."""
    return {**SETTINGS, "DATABASE_URL": f"sqlite:///{tmp_path}/test.db"}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once a run: each test has an application of its own that wants them."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


# feature: accounts
@pytest.fixture(scope="session")
def empty_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table, made once a run: a copy of it takes a sixth of the time."""
    made = tmp_path_factory.mktemp("tables") / "empty.db"
    with create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{made}"}).app_context():
        db.create_all()
        db.engine.dispose()  # what is copied is on disk only then
    return made


@pytest.fixture(scope="session")
def prepared(empty_tables: Path) -> PreparedStates:
    """States of the database that many tests begin with."""
    return PreparedStates(empty_tables)


@event.listens_for(Pool, "connect")
def remember(opened: Any, entry: ConnectionPoolEntry) -> None:
    """Note each connection, and let SQLite not wait for the disk: no test outlives the machine."""
    OPENED.append(entry)
    if isinstance(opened, sqlite3.Connection):
        opened.execute("PRAGMA synchronous=OFF")


@pytest.fixture(autouse=True)
def nothing_left_connected() -> Iterator[None]:
    """Close the databases of every application that a test made, also of those it made itself.

    Since Python 3.13 a SQLite connection that is forgotten and not closed is warned of.
    """
    yield
    while OPENED:
        OPENED.pop().invalidate()  # whoever comes again opens another one


# endfeature
@pytest.fixture
def app(
    settings: dict[str, str],
    compiled_templates: FileSystemBytecodeCache,
    tmp_path: Path,
    prepared: PreparedStates,  # feature: accounts
) -> Iterator[Flask]:
    """An application with empty tables and limits at nothing.

    Tests with the same settings share it, as long as none of them changes it.
    """
    database = tmp_path / "test.db"
    is_shared = settings["DATABASE_URL"] == f"sqlite:///{database}"
    if is_shared:
        application = SHARED.lend(settings, compiled_templates)
    else:
        application = create_app(settings)
        application.jinja_env.bytecode_cache = compiled_templates
    # feature: accounts
    if is_shared:
        prepared.begin(settings, database)
    with application.app_context():
        if not is_shared or prepared.lacks_tables:
            db.create_all()
        limiter.reset()
    # endfeature
    yield application
    # The user is kept on the context: one left open would sign the next client in.
    assert not has_app_context(), "the test left an application context open"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, **time: float) -> None:
        self.ahead += timedelta(**time)


@pytest.fixture
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time, to be moved forward."""
    moving = Clock()
    monkeypatch.setattr(clock, "now", moving.now)
    return moving


class Browser:
    """Somebody at a browser: opens pages and sends their forms, with the token of the form."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address
        self.page: TestResponse | None = None

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._go("GET", path, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> TestResponse:
        return self._go("POST", path, data=data or {}, **options)

    def _go(self, method: str, path: str, **options: Any) -> TestResponse:
        options.setdefault("base_url", "http://localhost:8000")
        options.setdefault("environ_overrides", {"REMOTE_ADDR": self.address})
        self.page = self.client.open(path, method=method, **options)
        return self.page

    def token(self, path: str = "/login") -> str:
        """Return the form token that a page hands out."""
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(path).text)
        assert found, f"{path} has no form token"
        return unescape(found[1])

    def submit(self, path: str, form: str | None = None, **fields: Any) -> TestResponse:
        """Open a page and send its form."""
        return self.post(path, {"csrf_token": self.token(form or path), **fields})

    # feature: accounts
    def register(
        self, email: str, password: str = PASSWORD, name: str = "Ada Lovelace", **more: Any
    ) -> TestResponse:
        return self.submit("/register", name=name, email=email, password=password, **more)

    # endfeature
    # feature: login
    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.submit("/login", email=email, password=password, **more)

    def sign_out(self) -> TestResponse:
        return self.submit("/logout", form="/")

    def is_signed_in(self) -> bool:
        return self.get("/reauthenticate").status_code == 200

    @property
    def cookies(self) -> dict[Any, Any]:
        """All cookies; Werkzeug's client has no public way to hand them over."""
        return self.client._cookies

    @cookies.setter
    def cookies(self, kept: dict[Any, Any]) -> None:
        self.client._cookies = kept

    def cookie(self, name: str = "session") -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def put_cookie(self, value: str, name: str = "session") -> None:
        self.client.set_cookie(name, value)

    # endfeature


# feature: api
class Program:
    """A client of the API: sends JSON and a token, and keeps the tokens it gets."""

    def __init__(self, app: Flask, address: str = "127.0.0.1") -> None:
        self.client: FlaskClient = app.test_client()
        self.address = address
        self.access_token = ""
        self.refresh_token = ""
        self.device = ""

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Send a request below /api/v1; the answer must be one that the document names."""
        answer = self.send(method, path, json, **options)
        return as_documented(self.client.application, answer)

    def send(self, method: str, path: str, json: Any = None, **options: Any) -> TestResponse:
        """Send a request below /api/v1, with the access token if there is one."""
        headers = dict(options.pop("headers", {}))
        if self.access_token:
            headers.setdefault("Authorization", f"Bearer {self.access_token}")
        options.setdefault("base_url", "http://localhost:8000")
        options.setdefault("environ_overrides", {"REMOTE_ADDR": self.address})
        if json is not None:
            options["json"] = json
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, json, **options)

    def keep(self, answer: TestResponse) -> TestResponse:
        """Keep the tokens of an answer, if it has any."""
        found = answer.get_json(silent=True) or {}
        if "access_token" in found:
            self.access_token = found["access_token"]
            self.refresh_token = found.get("refresh_token", "")
            self.device = found.get("device", self.device)
        return answer

    def sign_in(self, email: str, password: str = PASSWORD, **more: Any) -> TestResponse:
        known = {"device": self.device} if self.device else {}
        sent = {"email": email, "password": password, **known, **more}
        return self.keep(self.post("/auth/token", sent))

    @property
    def tokens(self) -> tuple[str, str, str]:
        """Everything that it keeps of a sign-in."""
        return self.access_token, self.refresh_token, self.device

    @tokens.setter
    def tokens(self, kept: tuple[str, str, str]) -> None:
        self.access_token, self.refresh_token, self.device = kept

    def refresh(self, token: str | None = None) -> TestResponse:
        sent = {"refresh_token": token or self.refresh_token}
        return self.keep(self.post("/auth/refresh", sent))

    def is_signed_in(self) -> bool:
        return self.get("/me").status_code == 200


@pytest.fixture
def program(app: Flask) -> Program:
    """One program."""
    return Program(app)


@pytest.fixture
def new_program(app: Flask) -> Callable[..., Program]:
    """Further programs, each with its own tokens and, if given, its own address."""
    return lambda address="127.0.0.1": Program(app, address)


@pytest.fixture
def signed_in_program(app: Flask, program: Program, user: str, prepared: PreparedStates) -> Program:
    """A program whose owner has signed in."""

    def make() -> tuple[str, str, str]:
        assert program.sign_in(user).status_code == 200
        return program.tokens

    program.tokens = prepared.after("signed_in_program", app, make)
    return program


# endfeature
@pytest.fixture
def browser(app: Flask) -> Browser:
    """One browser."""
    return Browser(app)


@pytest.fixture
def new_browser(app: Flask) -> Callable[..., Browser]:
    """Further browsers, each with its own cookies and, if given, its own address."""
    return lambda address="127.0.0.1": Browser(app, address)


# feature: accounts
class Mailbox:
    """What the application has posted, the oldest first."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def mails(self, to: str | None = None) -> list[tuple[str, str, str]]:
        """Return recipient, subject and text of each mail."""
        with self.app.app_context():
            rows = db.session.scalars(db.select(OutboxMail).order_by(OutboxMail.id)).all()
            return [
                (row.recipient, row.subject, row.parts()["text"])
                for row in rows
                if to is None or row.recipient == to
            ]

    def last_link(self, to: str | None = None) -> str:
        """Return the path of the newest link."""
        links = re.findall(r"http://localhost:8000(/\S+)", self.mails(to)[-1][2])
        return str(links[-1])


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL that the application has sent to its database since the test began."""
    with collected(app) as found:
        yield found


@pytest.fixture
def mailbox(app: Flask) -> Mailbox:
    """The mails of the application under test."""
    return Mailbox(app)


@pytest.fixture
def user(app: Flask, prepared: PreparedStates) -> str:
    """The address of a confirmed account with the usual password."""

    def make() -> str:
        with app.app_context():
            accounts.create(email=USER, name="Ada Lovelace", password=PASSWORD, confirmed=True)
            db.session.commit()
        return USER

    return prepared.after("user", app, make)


# endfeature
# feature: login
@pytest.fixture
def signed_in(app: Flask, browser: Browser, user: str, prepared: PreparedStates) -> Browser:
    """A browser whose owner has signed in."""

    def make() -> dict[Any, Any]:
        assert browser.sign_in(user).status_code == 303
        return browser.cookies

    browser.cookies = prepared.after("signed_in", app, make)
    return browser


# endfeature
