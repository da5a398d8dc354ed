# file of feature: api
"""The log, read and disowned on both faces."""

import re
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.extensions import db
from app.security_log.models import SecurityEvent
from tests.conftest import Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing

LOG = "/account/security-log"
Preparation = Callable[[Scene], object]


def newest(scene: Scene, kind: str, owner: str = ADA) -> None:
    """Know the id of somebody's newest event of a kind."""
    with scene.app.app_context():
        account = accounts.get_user(owner).public_id
        wanted = select(SecurityEvent.public_id).where(
            SecurityEvent.account == account, SecurityEvent.kind == kind
        )
        rows = db.session.scalars(wanted.order_by(SecurityEvent.id.desc()))
        scene.found["id"] = rows.first() or UUID(int=1)


def graces(scene: Scene) -> None:
    """Grace is signed in, and Ada knows the id of that event."""
    scene.account(GRACE)
    assert Browser(scene.app).sign_in(GRACE).status_code == 303
    newest(scene, "signed_in", GRACE)


def guessed(scene: Scene) -> None:
    """A stranger has tried a wrong password."""
    Browser(scene.app, "203.0.113.7").sign_in(ADA, "not-the-password-of-anybody")
    newest(scene, "sign_in_refused")


def switched(scene: Scene) -> None:
    """The site has done something."""
    scene.run("accounts", "activate", ADA)
    newest(scene, "account_activated")


def elsewhere(scene: Scene) -> None:
    """Somebody has signed in elsewhere, and the proof of Ada's presence is old."""
    assert Browser(scene.app, "203.0.113.7").sign_in(ADA).status_code == 303
    newest(scene, "signed_in")
    scene.clock.forward(minutes=14)


def listed(answer: TestResponse) -> list[str]:
    """Return what the page says has happened."""
    return re.findall(r"<h2>(.+?)</h2>", answer.text)


def told(answer: TestResponse) -> list[str]:
    """Return the same from the API."""
    return [item["title"] for item in answer.json["items"]]


def disown(name: str, ends: str, prepare: Preparation, *, signed_in: bool = True) -> UseCase:
    """Return a "this was not me"."""
    return UseCase(
        f"disown an event: {name}",
        covers="POST /me/security-log/<uuid:public_id>/not-me",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"{LOG}/{scene.found['id']}/not-me", LOG if signed_in else "/login"
        ),
        program=lambda scene: scene.program.post(f"/me/security-log/{scene.found['id']}/not-me"),
        signed_in=signed_in,
        prepare=prepare,
    )


def read(name: str, ends: str, prepare: Preparation, *, signed_in: bool = True) -> UseCase:
    """Return a look at the log."""
    return UseCase(
        f"read the log: {name}",
        covers="GET /me/security-log",
        ends=ends,
        page=lambda scene: scene.browser.get(LOG),
        program=lambda scene: scene.program.get("/me/security-log"),
        signed_in=signed_in,
        prepare=prepare,
        seen_on_page=listed if signed_in else nothing,
        seen_by_program=told if signed_in else nothing,
    )


CASES = [
    read("one's own", "done", guessed),
    read("not another's", "done", graces),
    read("by a stranger", "who are you", nothing, signed_in=False),
    disown("a sign-in", "done", elsewhere),
    disown("of somebody else", "not found", graces),
    disown("what a stranger tried", "not found", guessed),
    disown("what the site did", "not found", switched),
    disown("by a stranger", "who are you", elsewhere, signed_in=False),
]
