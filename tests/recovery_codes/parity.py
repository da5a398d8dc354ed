# file of feature: api
"""Recovery codes, seen and renewed on both faces."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.extensions import db
from app.recovery_codes import service
from tests.house.parity import ADA, Scene, UseCase
from tests.recovery_codes.conftest import give_both

CODES = "/account/recovery-codes"
Preparation = Callable[[Scene], object]


def nothing(_: Scene) -> None:
    """Ada has no factor."""


def has_both(scene: Scene) -> None:
    """Ada has an authenticator and codes."""
    give_both(scene.app, ADA)


def has_fresh(scene: Scene) -> None:
    """Her codes were made a moment ago."""
    has_both(scene)
    with scene.app.app_context():
        service.make(accounts.get_user(ADA).id)
        db.session.commit()


def later(scene: Scene) -> None:
    """Her proof of presence is old."""
    has_both(scene)
    scene.clock.forward(minutes=14)


def see(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a look at how they stand."""
    return UseCase(
        f"recovery codes: {name}",
        covers="GET /me/recovery-codes",
        ends=ends,
        page=lambda scene: scene.browser.get(CODES),
        program=lambda scene: scene.program.get("/me/recovery-codes"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=lambda answer: len(re.findall(r"<li><code>", answer.text)),
        seen_by_program=how_many,
    )


def how_many(answer: TestResponse) -> int:
    """Return how many can be read."""
    return len(answer.get_json().get("codes", ()))


def change(name: str, button: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a press of a button of the page."""
    return UseCase(
        f"recovery codes, {button}: {name}",
        covers=f"POST /me/recovery-codes/{button}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{CODES}/{button}", form="/reauthenticate"),
        program=lambda scene: scene.program.post(f"/me/recovery-codes/{button}"),
        signed_in=True,
        prepare=prepare,
    )


CASES = [
    see("made a moment ago", "done", has_fresh),
    see("made long ago", "done", has_both),
    see("without fresh proof", "prove presence", later),
    change("others", "renew", "done", has_both),
    change("for no factor", "renew", "409", nothing),
    change("without fresh proof", "renew", "prove presence", later),
    change("shown no more", "saved", "done", has_fresh),
]
