# file of feature: api
"""Use cases as tables: what a page and a program send, and what is compared of the two results.

The cases of a feature are listed in ``tests/<feature>/parity.py`` as ``CASES``. What only programs
can do is listed there too, with the reason, as ``PROGRAMS_ALONE``. A table says what both send, and
each row how one case differs::

    rename = both("rename a list", "PUT /lists/{id}", page=form("/lists/{id}"), prepare=has_one)
    CASES = [
        rename("one's own", "done", name="Books"),
        rename("to nothing", "refused: name", name=""),
        rename("that is not there", "not found", id=NOWHERE, opened="/lists", name="Books"),
    ]
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, request, request_started
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from app.accounts import hashing
from app.accounts import service as accounts
from app.core.events import EVERY, Event
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.extensions import db
from app.login.points import LOGIN_STEPS
from tests.conftest import PASSWORD, Browser, Clock, Mailbox, Program
from tests.prepared import PreparedStates

ADA, GRACE = "ada@example.com", "grace@example.com"
NEW_PASSWORD = "copper-window-eleven-moss"
WRONG_PASSWORD = "not-the-password-of-anybody"
NOWHERE = UUID(int=1)  # the id of nothing
PREFIX = "/api/v1"

# What the two faces may differ in: how somebody came, and for how long they stay.
OF_THE_FACE = {"kind", "user_agent", "idle_seconds", "remember", "next"}
OF_THE_FACE |= {"method"}  # feature: security_log
OF_THE_FACE |= {"endpoint"}  # feature: roles
# Mails are compared by themselves; of refresh tokens a page knows nothing.
APART = {"outbox_mail", "refresh_family"}
RANDOM = re.compile(r"[0-9a-f]{32,64}|[\w-]{36,64}")
SEALED = re.compile(r"[\w+/]{64,}={0,2}")
CODE = re.compile(r"^\d{6}$", re.MULTILINE)  # feature: one_time_codes
TIME = re.compile(r"\d{1,2} \w+ \d{4}, \d\d:\d\d UTC")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
DEVICE = re.compile(r"^Device: .*$|\b(browser|program)\b", re.MULTILINE)


@dataclass
class Scene:
    """An application with a database in which only Ada has an account.

    Args:
        app: the application.
        clock: its time.
        prepared: databases to begin with.
        browser: the browser of the page's way.
        program: the program of the other way.
        mailbox: what was posted.
        found: what the preparation has found out, such as a mailed token; fills placeholders.
    """

    app: Flask
    clock: Clock
    prepared: PreparedStates
    browser: Browser = field(init=False)
    program: Program = field(init=False)
    mailbox: Mailbox = field(init=False)
    found: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser, self.program = Browser(self.app), Program(self.app)
        self.mailbox = Mailbox(self.app)
        self.prepared.after("parity", self.app, lambda: self.account(ADA, "Ada Lovelace"))

    def sign_in(self, face: str) -> None:
        """Sign Ada in, in the browser or in the program."""

        def by_page() -> Any:
            # An API session lasts like one with "stay signed in".
            assert self.browser.sign_in(ADA, remember="y").status_code == 303
            return self.browser.cookies

        def by_program() -> tuple[str, str, str]:
            assert self.program.sign_in(ADA).status_code == 200
            return self.program.tokens

        if face == "page":
            self.browser.cookies = self.prepared.after("parity: page", self.app, by_page)
        else:
            self.program.tokens = self.prepared.after("parity: program", self.app, by_program)

    def account(self, email: str, name: str = "Grace Hopper", *, confirmed: bool = True) -> None:
        """Make an account with the usual password."""
        with self.saving():
            accounts.create(email=email, name=name, password=PASSWORD, confirmed=confirmed)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """Open the application for a change of the database, and commit it."""
        with self.app.app_context():
            yield
            db.session.commit()

    def another_browser(self, email: str = ADA, address: str = "127.0.0.1") -> Browser:
        """Return another browser that is signed in."""
        browser = Browser(self.app, address)
        assert browser.sign_in(email).status_code == 303
        return browser

    def send_often(self, browser: Browser, path: str, opened: str = "", **fields: str) -> None:
        """Send the form of a page ten times, which is as often as an address may."""
        form = {"csrf_token": browser.token(opened or path), **fields}
        for _ in range(10):
            browser.post(path, form)

    def forget_addresses(self) -> None:
        """Count no tries by address, so that the count by account is what refuses."""
        with self.app.app_context():
            limiter.reset()

    def run(self, *command: str) -> None:
        """Run a command of the application."""
        done = self.app.test_cli_runner().invoke(args=list(command))
        assert done.exit_code == 0, done.output

    def mailed_token(self, to: str | None = None) -> str:
        """Return the secret in the newest mailed link."""
        return self.mailbox.last_link(to).rpartition("/")[2]


Preparation = Callable[[Scene], object]
Reader = Callable[[TestResponse], Any]


def nothing(_: object) -> None:
    """Leave things as they are, and look at nothing."""


def grace(scene: Scene) -> None:
    """Grace has an account."""
    scene.account(GRACE)


def passed(**time: float) -> Preparation:
    """Return a preparation: some time has passed."""
    return lambda scene: scene.clock.forward(**time)


# The proof of presence is old, but an access token is still good.
later = passed(minutes=14)


@dataclass(frozen=True)
class Request:
    """A request as a table describes it: see ``form``, ``visit`` and ``call``."""

    send: Callable[[Scene, "UseCase"], TestResponse]


# A function, where a table cannot say it, gets what the case sends as keyword arguments.
Way = Request | Callable[..., TestResponse]


@dataclass(frozen=True)
class UseCase:
    """Something that people do, by a page or by a program; see ``both``. Call it for a row."""

    name: str
    covers: str
    page: Way
    program: Way
    ends: str
    signed_in: bool
    prepare: Preparation
    seen: tuple[Reader, Reader]
    seen_if_refused: bool
    sent: Mapping[str, Any]
    opened: str = ""
    also: Preparation = nothing

    def __call__(  # noqa: PLR0913 - the columns of a row
        self,
        row: str,
        ends: str = "done",
        /,
        prepare: Preparation | None = None,
        *,
        also: Preparation = nothing,
        opened: str = "",
        signed_in: bool | None = None,
        **sent: Any,
    ) -> "UseCase":
        """Return a case of this use case.

        Args:
            row: its name, after the name of the use case.
            ends: the result required of both interfaces; see ``by_page`` and ``by_program``.
            prepare: what has happened before, if not what the use case says.
            also: what has happened after that.
            opened: the page whose form is sent, if not the one that the use case says.
            signed_in: whether Ada is signed in before, if not as the use case says.
            sent: what is sent, where it differs from what the use case says.
        """
        return replace(
            self,
            name=f"{self.name}: {row}",
            ends=ends,
            prepare=prepare or self.prepare,
            also=also,
            opened=opened,
            signed_in=self.signed_in if signed_in is None else signed_in,
            sent={**self.sent, **sent},
        )

    def go(self, face: str, scene: Scene) -> TestResponse:
        """Run the use case on one interface and return the last response."""
        way = self.page if face == "page" else self.program
        return way.send(scene, self) if isinstance(way, Request) else way(scene, **self.sent)

    def route(self, app: Flask) -> str:
        """Return method and rule of the route that is compared."""
        method, path = self.covers.split()
        address = PREFIX + PLACEHOLDER.sub(str(NOWHERE), path)
        try:
            rule, _ = app.url_map.bind("").match(address, method, return_rule=True)
        except HTTPException as refusal:
            raise AssertionError(f"no route of the API answers {self.covers}") from refusal
        return f"{method} {rule.rule.removeprefix(PREFIX)}"


def both(  # noqa: PLR0913 - the columns of a table
    use_case: str,
    covers: str,
    /,
    *,
    page: Way,
    program: Way | None = None,
    ends: str = "done",
    signed_in: bool = True,
    prepare: Preparation = nothing,
    seen: Reader | tuple[Reader, Reader] = nothing,
    seen_if_refused: bool = False,
    **sent: Any,
) -> UseCase:
    """Describe something that people do, by a page or by a program.

    Args:
        use_case: in words, as a sentence about what happens.
        covers: method and address below /api/v1; ``{name}`` is filled as in ``form``.
        page: what a browser sends; ``form``, ``visit`` or a function that returns the last answer.
        program: what a program sends; ``call`` or a function.
        ends: the result required of both interfaces; see ``by_page`` and ``by_program``.
        signed_in: whether Ada is signed in before.
        prepare: what has happened before that, for both faces alike.
        seen: reads what page and API response contain; compared if the use case succeeds.
        seen_if_refused: compare it in any case.
        sent: what both send.
    """
    readers = seen if isinstance(seen, tuple) else (seen, seen)
    ways = (page, program or call())
    return UseCase(
        use_case, covers, *ways, ends, signed_in, prepare, readers, seen_if_refused, sent
    )


def form(path: str, /, opened: str = "", *, follow: bool = False, **fields: Any) -> Request:
    """Open a page and send its form.

    Args:
        path: its address. ``{name}`` is filled with what is sent under this name, which is then no
            field of the form, or with what the preparation has found.
        opened: another page that has the form token.
        follow: read the page to which the answer leads.
        fields: what only the page sends.
    """

    def send(scene: Scene, case: UseCase) -> TestResponse:
        address, sent = _fill(path, {**fields, **case.sent}, scene)
        answer = scene.browser.submit(address, case.opened or opened or None, **sent)
        return scene.browser.get(answer.location) if follow and answer.location else answer

    return Request(send)


def visit(path: str, /, **query: Any) -> Request:
    """Open a page; ``path`` is filled as in ``form``, and what remains is the query."""

    def send(scene: Scene, case: UseCase) -> TestResponse:
        address, sent = _fill(path, {**query, **case.sent}, scene)
        return scene.browser.get(address, query_string=sent)

    return Request(send)


def call(**body: Any) -> Request:
    """Send JSON, or a query where the method is GET, to the route that the case covers."""

    def send(scene: Scene, case: UseCase) -> TestResponse:
        method, path = case.covers.split()
        address, sent = _fill(path, {**body, **case.sent}, scene)
        if method == "GET":
            return scene.program.get(address, query_string=sent)
        return scene.program.call(method, address, sent or None)

    return Request(send)


def _fill(path: str, sent: Mapping[str, Any], scene: Scene) -> tuple[str, dict[str, Any]]:
    """Fill placeholders, and return the address and what is left to be sent with it."""

    def filled(text: str, known: Mapping[str, Any]) -> str:
        return PLACEHOLDER.sub(lambda name: str(known[name[1]]), text)

    values = {k: filled(v, scene.found) if isinstance(v, str) else v for k, v in sent.items()}
    names = PLACEHOLDER.findall(path)
    left = {name: value for name, value in values.items() if name not in names}
    return filled(path, {**scene.found, **values}), left


def texts(pattern: str) -> Reader:
    """Return what finds the parts of a page that match a pattern."""
    return lambda answer: re.findall(pattern, answer.text, re.DOTALL)


def items(*members: str) -> Reader:
    """Return what takes members from each item of an answer of the API."""

    def read(answer: TestResponse) -> list[Any]:
        rows = [tuple(item[member] for member in members) for item in answer.json["items"]]
        return rows if len(members) > 1 else [row[0] for row in rows]

    return read


@dataclass(frozen=True)
class Result:
    """What is compared of a use case that was gone through.

    Args:
        ends: ``done``, or what kind of refusal.
        seen: what the answer showed.
        said: the events, with what they carry.
        mails: kind, recipient, subject and text of each.
        stored: every row of every table.
    """

    ends: str
    seen: Any
    said: list[tuple[str, Any]]
    mails: list[tuple[str, ...]]
    stored: dict[str, list[Any]]


def go_through(case: UseCase, scene: Scene, face: str) -> Result:
    """Run a use case on one interface, with a database of its own."""
    if case.signed_in:
        scene.sign_in(face)
    case.prepare(scene)
    case.also(scene)
    with hearing() as said, walking(scene.app) as walked:
        answer = case.go(face, scene)
    if face == "program":
        assert case.route(scene.app) in walked, f"the program never came to {case.covers}"
    is_compared = case.seen_if_refused or case.ends == "done"
    with scene.app.app_context():
        return Result(
            ends=by_page(scene.app, answer) if face == "page" else by_program(answer),
            seen=case.seen[face == "program"](answer) if is_compared else None,
            said=sorted(said, key=repr),  # who listens is not heard in any order
            mails=posted(),
            stored=stored(),
        )


@contextmanager
def hearing() -> Iterator[list[tuple[str, Any]]]:
    """Hear every event, with what it carries."""
    said: list[tuple[str, Any]] = []

    def hear(event: Event) -> None:
        said.append((event.kind, plain(vars(event))))

    with EVERY.connected_to(hear):
        yield said


@contextmanager
def walking(app: Flask) -> Iterator[set[str]]:
    """Note each route of the API that is asked for."""
    walked: set[str] = set()

    def note(_: Flask, **__: Any) -> None:
        if request.url_rule is not None:
            walked.add(f"{request.method} {request.url_rule.rule.removeprefix(PREFIX)}")

    with request_started.connected_to(note, app):
        yield walked


def by_page(app: Flask, answer: TestResponse) -> str:
    """Read from a page how a use case ended."""
    if answer.status_code == 422:
        fields = set(re.findall(r'name="(\w+)"[^>]*aria-invalid="true"', answer.text))
        return f"refused: {', '.join(sorted(fields))}"
    if answer.status_code == 303:
        path = answer.headers["Location"].partition("?")[0]
        build = app.url_map.bind("").build
        steps = {build(step.endpoint): f"step: {step.key}" for step in LOGIN_STEPS}
        # Only who is sent to the sign-in page without a farewell was not recognised.
        elsewhere = {"/login": "who are you", "/reauthenticate": "prove presence"}
        is_farewell = "Clear-Site-Data" in answer.headers
        return {**steps, **elsewhere}.get(path, "done") if not is_farewell else "done"
    return by_status(answer.status_code)


def by_program(answer: TestResponse) -> str:
    """Read from an answer of the API how a use case ended."""
    if answer.status_code < 300:
        return "done"
    problem = answer.get_json()
    if "errors" in problem:
        return f"refused: {', '.join(sorted(problem['errors']))}"
    if "attempt" in problem:
        return f"step: {problem['step']}"
    # The page says it beside the password, in a form that nobody has to be recognised for.
    by_code = {
        "sign_in_refused": "refused: password",
        "reauthentication_required": "prove presence",
    }
    return by_code.get(problem["code"]) or by_status(answer.status_code)


def by_status(status: int) -> str:
    """Return how a use case ended, where both faces answer with the same status."""
    words = {401: "who are you", 403: "not allowed", 404: "not found", 410: "used up", 429: "wait"}
    return "done" if status < 300 else words.get(status, str(status))


def posted() -> list[tuple[str, ...]]:
    """Return the mails, without what differs between any two."""
    rows = db.session.scalars(db.select(OutboxMail))
    mails = [(row.kind, row.recipient, row.subject, without_chance(row)) for row in rows]
    return sorted(mails)  # two that one event causes are written in any order


def without_chance(row: OutboxMail) -> str:
    """Return the text of a mail without secrets, times, and the kind of device."""
    text = TIME.sub("a time", RANDOM.sub("random", row.parts()["text"]))
    text = CODE.sub("a code", text)  # feature: one_time_codes
    return DEVICE.sub("device", text)


def stored() -> dict[str, list[Any]]:
    """Return every row of every table, without what differs between any two."""
    tables = {name: table for name, table in db.metadata.tables.items() if name not in APART}
    return {
        name: [plain(_named(name, row._mapping)) for row in db.session.execute(db.select(table))]
        for name, table in tables.items()
    }


def _named(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row; the kind of an event is no kind of client, so it is compared."""
    # feature: security_log
    if table == "security_event":
        return {"happened" if name == "kind" else name: value for name, value in row.items()}
    # endfeature
    return dict(row)


def plain(value: Any, name: str = "") -> Any:
    """Return what can be compared of a value; of chance and of time only that there is some."""
    if isinstance(value, dict):
        return {key: plain(part, key) for key, part in value.items() if key not in OF_THE_FACE}
    if isinstance(value, datetime) or name == "last_step":
        return "a time"
    if isinstance(value, bytes):
        return "sealed"
    if name == "password_hash" and value:
        known = (PASSWORD, NEW_PASSWORD)
        return next((word for word in known if hashing.verify_password(word, value)), "another")
    if isinstance(value, (UUID, str)):
        by_chance = RANDOM.fullmatch(str(value)) or SEALED.fullmatch(str(value))
        return "random" if by_chance else value
    return value
