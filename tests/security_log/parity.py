# file of feature: api
"""The log, read and disowned on both faces."""

from sqlalchemy import select

from app.accounts import service as accounts
from app.extensions import db
from app.security_log.models import SecurityEvent
from tests.conftest import Browser
from tests.house.parity import (
    ADA,
    GRACE,
    NOWHERE,
    WRONG_PASSWORD,
    Scene,
    both,
    form,
    items,
    texts,
    visit,
)

LOG = "/account/security-log"


def newest(scene: Scene, kind: str, owner: str = ADA) -> None:
    """Know the id of somebody's newest event of a kind."""
    with scene.app.app_context():
        account = accounts.get_user(owner).public_id
        wanted = select(SecurityEvent.public_id).where(
            SecurityEvent.account == account, SecurityEvent.kind == kind
        )
        rows = db.session.scalars(wanted.order_by(SecurityEvent.id.desc()))
        scene.found["id"] = rows.first() or NOWHERE


def graces(scene: Scene) -> None:
    """Grace is signed in, and Ada knows the id of that event."""
    scene.account(GRACE)
    scene.another_browser(GRACE)
    newest(scene, "signed_in", GRACE)


def guessed(scene: Scene) -> None:
    """A stranger has tried a wrong password."""
    Browser(scene.app, "203.0.113.7").sign_in(ADA, WRONG_PASSWORD)
    newest(scene, "sign_in_refused")


def switched(scene: Scene) -> None:
    """The site has done something."""
    scene.run("accounts", "activate", ADA)
    newest(scene, "account_activated")


def elsewhere(scene: Scene) -> None:
    """Somebody has signed in elsewhere, and the proof of Ada's presence is old."""
    scene.another_browser(ADA, "203.0.113.7")
    newest(scene, "signed_in")
    scene.clock.forward(minutes=14)


read = both(
    "read the log",
    "GET /me/security-log",
    page=visit(LOG),
    seen=(texts(r"<h2>(.+?)</h2>"), items("title")),
)
disown = both(
    "disown an event", "POST /me/security-log/{id}/not-me", page=form(f"{LOG}/{{id}}/not-me", LOG)
)

CASES = [
    read("one's own", "done", guessed),
    read("not another's", "done", graces),
    read("by a stranger", "who are you", signed_in=False),
    disown("a sign-in", "done", elsewhere),
    disown("of somebody else", "not found", graces),
    disown("what a stranger tried", "not found", guessed),
    disown("what the site did", "not found", switched),
    disown("by a stranger", "who are you", elsewhere, opened="/login", signed_in=False),
]
