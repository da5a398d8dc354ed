# file of feature: api
"""One use case, two faces: how a page and a program do the same, and what is compared of it.

The cases of a feature stand in ``tests/<feature>/parity.py`` as ``CASES``. What a program can do
and no page can stands there too, with the reason, as ``PROGRAMS_ALONE``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask, request, request_started
from werkzeug.test import TestResponse

from app.accounts import hashing
from app.accounts import service as accounts
from app.core import events
from app.core.house import house
from app.core.outbox import OutboxMail
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox, Program

ADA, GRACE = "ada@example.com", "grace@example.com"
NEW_PASSWORD = "copper-window-eleven-moss"
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
DEVICE = re.compile(r"^Device: .*$|\b(browser|program)\b", re.MULTILINE)


@dataclass
class Scene:
    """A fresh application in which Ada has an account, and what can be seen of it from outside.

    Args:
        app: the application.
        clock: its time.
        browser: the browser of the page's way.
        program: the program of the other way.
        mailbox: what was posted.
        found: what the preparation has found out for the two ways, such as a mailed link.
    """

    app: Flask
    clock: Clock
    browser: Browser = field(init=False)
    program: Program = field(init=False)
    mailbox: Mailbox = field(init=False)
    found: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.browser, self.program = Browser(self.app), Program(self.app)
        self.mailbox = Mailbox(self.app)
        self.account(ADA, "Ada Lovelace")

    def account(self, email: str, name: str = "Grace Hopper", *, confirmed: bool = True) -> None:
        """Make an account with the usual password."""
        with self.app.app_context():
            accounts.create(email=email, name=name, password=PASSWORD, confirmed=confirmed)
            db.session.commit()

    def run(self, *command: str) -> None:
        """Run a command of the application."""
        done = self.app.test_cli_runner().invoke(args=list(command))
        assert done.exit_code == 0, done.output

    def mailed_token(self, to: str | None = None) -> str:
        """Return the secret in the newest mailed link."""
        return self.mailbox.last_link(to).rpartition("/")[2]


Way = Callable[[Scene], TestResponse]


def nothing(_: object) -> None:
    """Leave things as they are, and look at nothing."""


@dataclass(frozen=True)
class UseCase:
    """Something that people do, by a page or by a program.

    Args:
        name: in words, as a sentence about what happens.
        covers: method and address below /api/v1, as in the table of routes.
        ends: how it must end on both faces; see ``by_page`` and ``by_program``.
        page: does it in a browser and returns the last answer.
        program: does it through the API and returns the last answer.
        signed_in: whether Ada is signed in before.
        prepare: what has happened before that, for both faces alike.
        seen_on_page: what the answer shows, if that is compared.
        seen_by_program: the same.
    """

    name: str
    covers: str
    ends: str
    page: Way
    program: Way
    signed_in: bool = False
    prepare: Callable[[Scene], object] = nothing
    seen_on_page: Callable[[TestResponse], Any] = nothing
    seen_by_program: Callable[[TestResponse], Any] = nothing


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
    """Go through a use case on one face of a fresh application."""
    if case.signed_in:
        # A program stays signed in; so does whoever ticks the box.
        answers = {"page": lambda: scene.browser.sign_in(ADA, remember="y")}
        answers["program"] = lambda: scene.program.sign_in(ADA)
        assert answers[face]().status_code in (200, 303)
    case.prepare(scene)
    with hearing() as said, walking(scene.app) as walked:
        answer = case.page(scene) if face == "page" else case.program(scene)
    if face == "program":
        assert case.covers in walked, f"the program never came to {case.covers}"
    with scene.app.app_context():
        return Result(
            ends=by_page(scene.app, answer) if face == "page" else by_program(answer),
            seen=(case.seen_on_page if face == "page" else case.seen_by_program)(answer),
            said=sorted(said, key=repr),  # who listens is not heard in any order
            mails=posted(),
            stored=stored(),
        )


@contextmanager
def hearing() -> Iterator[list[tuple[str, Any]]]:
    """Hear every event, with what it carries."""
    said: list[tuple[str, Any]] = []

    def ear(name: str) -> Callable[..., None]:
        return lambda _, **carried: said.append((name, plain(carried)))

    with ExitStack() as heard:
        for name, signal in events.signals.items():
            heard.enter_context(signal.connected_to(ear(name)))
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
        steps = {build(step.endpoint): f"step: {step.key}" for step in house().login_steps}
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
