# file of feature: api
"""Linked identities, seen and unlinked on both faces."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.extensions import db
from tests.house.parity import ADA, GRACE, Scene, UseCase
from tests.social.conftest import link_identity

PAGE = "/account/social"


def linked(scene: Scene) -> None:
    """Somebody at GitHub opens Ada's account."""
    link_identity(scene.app, ADA)


def graces(scene: Scene) -> None:
    """Somebody at GitHub opens another account."""
    scene.account(GRACE)
    link_identity(scene.app, GRACE)


def later(scene: Scene) -> None:
    """Ada's proof of presence is old."""
    linked(scene)
    scene.clock.forward(minutes=14)


def only_way(scene: Scene) -> None:
    """Nothing else opens Ada's account."""
    linked(scene)
    with scene.app.app_context():
        get_user(ADA).password_hash = None
        db.session.commit()


def unlink(name: str, ends: str, prepare: Callable[[Scene], object]) -> UseCase:
    """Return the unlinking of a provider."""
    return UseCase(
        f"unlink a provider: {name}",
        covers="DELETE /me/social/<string(maxlength=40):linked>",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{PAGE}/github/unlink", PAGE),
        program=lambda scene: scene.program.call("DELETE", "/me/social/github"),
        signed_in=True,
        prepare=prepare,
    )


def shown(answer: TestResponse) -> list[tuple[str, str]]:
    """Return who opens the account, by the page."""
    return re.findall(r"<h2>([^<]+)</h2>\s*<p>As <bdi>(.+?)</bdi>", answer.text)


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    return [(one["label"], one["account_name"]) for one in answer.json["items"]]


CASES = [
    UseCase(
        "linked providers: one",
        covers="GET /me/social",
        ends="done",
        page=lambda scene: scene.browser.get(PAGE),
        program=lambda scene: scene.program.get("/me/social"),
        signed_in=True,
        prepare=linked,
        seen_on_page=shown,
        seen_by_program=told,
    ),
    unlink("one's own", "done", linked),
    unlink("that opens another account", "not found", graces),
    unlink("that is not linked", "not found", lambda _: None),
    unlink("the last way in", "409", only_way),
    unlink("without fresh proof", "prove presence", later),
]
