"""The document against a machine that invents requests: good ones, bad ones, and odd ones.

Schemathesis reads the OpenAPI document and tries each operation with what it allows and with what
it forbids, alone and in chains. It looks for a status, header or body that is not in the document,
a good body that is refused, a bad one that is taken, a method that answers and should not, and a
token that nobody looks at.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.transport.wsgi import WSGITransport

from app.accounts import service as accounts
from app.core.limits import limiter
from app.extensions import db
from app.roles import service as roles
from app.roles.recognition import ADMIN
from tests.conftest import PASSWORD, Program

pytestmark = pytest.mark.slow

CASES = 500
CONFIG = {
    # The same requests at each run: a failure must be the fault of a change.
    "seed": 1,
    "generation": {
        "deterministic": True,
        "database": "none",
        "max-examples": 12,
        # No text here holds NUL, which PostgreSQL cannot store. The strict reader of bodies refuses
        # it for all fields alike, and tests of its own prove that.
        "allow-x00": False,
    },
}
LONGEST_SHOWN = 1500
BEYOND_BOUNDS = {
    "cursor",  # sealed by us
    "email",  # of a host that no mail can reach, such as "example.test"
    "name",  # of one line, with something in it that is no blank
    "since",  # of a day within our calendar
    "title",  # as for a name
    "until",  # as for since, and not before it
}


class SignIn:
    """Gives requests a token, and a new account with it when the one before was signed out.

    Many operations end what they were lent: sign-out, a changed password, a planned deletion.
    """

    app: Flask

    def __init__(self) -> None:
        self.numbers = count()
        self.program = Program(self.app)

    def get(self, case: schemathesis.Case, context: Any) -> str:
        if not self.program.is_signed_in():
            email = f"ada-{next(self.numbers)}@example.com"
            with self.app.app_context():
                user = accounts.create(email=email, name="Ada", password=PASSWORD, confirmed=True)
                roles.grant(user, ADMIN)  # otherwise it would meet 403 behind many a door
                db.session.commit()
            self.program = Program(self.app)
            self.program.sign_in(email)
        return self.program.access_token

    def set(self, case: schemathesis.Case, token: str, context: Any) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


def without_sockets(send: Callable[..., Any]) -> Callable[..., Any]:
    """Mend the machine: its second requests hand settings of sockets to a way without any."""
    theirs = ("max_redirects", "verify", "cert", "proxies")
    return lambda self, case, **options: send(
        self, case, **{name: value for name, value in options.items() if name not in theirs}
    )


def is_a_fault(context: Any, failure: Any, case: schemathesis.Case, answer: Any) -> bool:
    """Tell whether what a check found is one.

    Bounds say how a value looks. They cannot say that a link was mailed, a password is known to
    be weak, or a cursor is ours. Where such a value is refused by its own code or field, nothing
    is wrong; a refusal for its looks would be.
    """
    if type(failure).__name__ != "RejectedPositiveData":
        return True
    said = answer.json()
    if said["code"] != "validation_failed":
        return said["code"] in ("malformed_json", "unsupported_media_type")
    return not said["errors"].keys() <= BEYOND_BOUNDS


def faults_of(event: events.EngineEvent) -> set[str]:
    """Return what an event of the machine says was wrong."""
    if isinstance(event, events.NonFatalError):
        return {f"{event.label}: {event.value}"}
    if isinstance(event, events.FatalError):
        return {str(event.exception)}
    if not isinstance(event, events.ScenarioFinished):
        return set()
    checks = [one for some in event.recorder.checks.values() for one in some if one.failure_info]
    shown = (f"{one.failure_info.failure}\n{one.failure_info.code_sample}" for one in checks)
    return {f"{event.recorder.label}: {text[:LONGEST_SHOWN]}" for text in shown}


def test_no_request_finds_an_answer_that_is_not_in_the_document(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All come from one address, and would soon meet nothing but 429.
    monkeypatch.setattr(limiter, "enabled", False)
    monkeypatch.setattr(WSGITransport, "send", without_sockets(WSGITransport.send))
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=config)
    schema.hook("filter_failure")(is_a_fault)
    schema.auth(refresh_interval=None)(type("SignInHere", (SignIn,), {"app": app}))

    tried: dict[str, int] = {}
    faults: set[str] = set()
    for event in from_schema(schema).execute():
        faults |= faults_of(event)
        if isinstance(event, events.ScenarioFinished):
            label = event.recorder.label
            tried[label] = tried.get(label, 0) + len(event.recorder.cases)
    assert faults == set(), "\n\n".join(sorted(faults))
    operations = {
        f"{one.ok().method.upper()} {one.ok().path}" for one in schema.get_all_operations()
    }
    assert operations <= tried.keys()
    assert sum(tried.values()) >= CASES
