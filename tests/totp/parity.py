# file of feature: api
"""Authenticators, added and taken away on both faces."""

import re
from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from app.extensions import db
from app.totp.models import Authenticator
from tests.house.parity import ADA, GRACE, Scene, UseCase
from tests.totp.conftest import Phone, give_authenticator, read_picture

TOTP = "/account/totp"
ADD = f"{TOTP}/add"
Preparation = Callable[[Scene], object]


def nothing(_: Scene) -> None:
    """Ada has none."""


def has_one(scene: Scene) -> None:
    """Ada has an authenticator."""
    give(scene, ADA)


def graces(scene: Scene) -> None:
    """Grace has one."""
    scene.account(GRACE)
    give(scene, GRACE)


def later(scene: Scene) -> None:
    """Ada has one, and her proof of presence is old."""
    has_one(scene)
    scene.clock.forward(minutes=14)


def full(scene: Scene) -> None:
    """Ada has as many as there may be."""
    for number in range(10):
        give_authenticator(scene.app, ADA, f"Phone {number}")


def give(scene: Scene, owner: str) -> None:
    """Let somebody have one, whose id Ada knows."""
    give_authenticator(scene.app, owner)
    with scene.app.app_context():
        scene.found["id"] = db.session.scalars(db.select(Authenticator.public_id)).one()


def begin(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the beginning of one that is added."""
    return UseCase(
        f"add an authenticator, begin: {name}",
        covers="POST /me/totp",
        ends=ends,
        page=lambda scene: scene.browser.submit(ADD, form="/register", begin="1"),
        program=lambda scene: scene.program.post("/me/totp"),
        signed_in=True,
        prepare=prepare,
    )


def confirm(name: str, ends: str, code_of: Callable[[Phone], str], **more: Any) -> UseCase:
    """Return one that shows its first code."""
    called = more.pop("called", "Phone")

    def page(scene: Scene) -> TestResponse:
        scene.browser.submit(ADD, begin="1")
        scene.browser.get(ADD)
        code = code_of(read_picture(scene.browser))
        return scene.browser.submit(ADD, code=code, name=called)

    def program(scene: Scene) -> TestResponse:
        secret = scene.program.post("/me/totp").get_json()["secret"]
        sent = {"code": code_of(Phone(secret)), "name": called}
        return scene.program.post("/me/totp/confirm", sent)

    return UseCase(
        f"add an authenticator: {name}",
        covers="POST /me/totp/confirm",
        ends=ends,
        page=page,
        program=program,
        signed_in=True,
    )


def remove(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return one that is taken away."""
    return UseCase(
        f"take an authenticator away: {name}",
        covers="DELETE /me/totp/<uuid:public_id>",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"{TOTP}/{scene.found['id']}/remove", form="/reauthenticate"
        ),
        program=lambda scene: scene.program.call("DELETE", f"/me/totp/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
    )


def shown(answer: TestResponse) -> list[str]:
    """Return what the page calls them."""
    return re.findall(r"<h2><bdi>(.+?)</bdi></h2>", answer.text)


def told(answer: TestResponse) -> list[str]:
    """Return the same from the API."""
    return [one["name"] for one in answer.json["items"]]


CASES = [
    UseCase(
        "authenticators: one",
        covers="GET /me/totp",
        ends="done",
        page=lambda scene: scene.browser.get(TOTP),
        program=lambda scene: scene.program.get("/me/totp"),
        signed_in=True,
        prepare=has_one,
        seen_on_page=shown,
        seen_by_program=told,
    ),
    begin("the first", "done", nothing),
    begin("an eleventh", "409", full),
    begin("without fresh proof", "prove presence", later),
    confirm("its code", "done", Phone.code),
    confirm("another code", "refused: code", Phone.wrong_code),
    confirm("without a name", "refused: name", Phone.code, called=" "),
    remove("one's own", "done", has_one),
    remove("somebody else's", "not found", graces),
    remove("without fresh proof", "prove presence", later),
]
