# file of feature: api
"""Codes that are sent, on both faces."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from app.one_time_codes import service
from tests.house.parity import ADA, GRACE, Scene, UseCase
from tests.one_time_codes.conftest import (
    PHONE,
    another,
    give_channel,
    mailed_codes,
)

PAGE = "/account/one-time-codes"
CHANNELS = "/me/one-time-codes"
Preparation = Callable[[Scene], object]
Code = Callable[[str], str]


def nothing(_: Scene) -> None:
    """No codes go to Ada."""


def by_mail(scene: Scene) -> None:
    """Codes go to Ada by mail."""
    give_channel(scene.app, ADA)


def has_sms(scene: Scene) -> None:
    """The site sends text messages."""
    scene.app.config["SMS_SENDER"] = "inbox"


def by_phone(scene: Scene) -> None:
    """Codes go to Ada's phone."""
    has_sms(scene)
    give_channel(scene.app, ADA, service.SMS, PHONE)


def later(scene: Scene) -> None:
    """Ada's proof of presence is old."""
    by_mail(scene)
    scene.clock.forward(minutes=14)


def graces(scene: Scene) -> None:
    """Codes go to somebody else."""
    scene.account(GRACE)
    give_channel(scene.app, GRACE)


def switched_on(scene: Scene) -> None:
    """The site lets people in by a mailed code."""
    scene.app.config["MAILED_CODE_SIGN_IN"] = 1


def begin(channel: str, name: str, ends: str, prepare: Preparation, **sent: str) -> UseCase:
    """Return the first code of a way."""
    return UseCase(
        f"codes by {channel}, begin: {name}",
        covers=f"POST {CHANNELS}/{channel}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{PAGE}/{channel}", form="/register", **sent),
        program=lambda scene: scene.program.post(f"{CHANNELS}/{channel}", sent or None),
        signed_in=True,
        prepare=prepare,
    )


def confirm(name: str, ends: str, code_of: Code) -> UseCase:
    """Return the code that has arrived."""

    def page(scene: Scene) -> TestResponse:
        scene.browser.submit(f"{PAGE}/email", form=PAGE)
        code = code_of(mailed_codes(scene.app, ADA)[0])
        return scene.browser.submit(f"{PAGE}/confirm", code=code)

    def program(scene: Scene) -> TestResponse:
        scene.program.post(f"{CHANNELS}/email")
        code = code_of(mailed_codes(scene.app, ADA)[0])
        return scene.program.post(f"{CHANNELS}/confirm", {"code": code})

    return UseCase(
        f"codes by email: {name}",
        covers=f"POST {CHANNELS}/confirm",
        ends=ends,
        page=page,
        program=program,
        signed_in=True,
    )


def stop(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the end of a way."""
    return UseCase(
        f"codes by email, stop: {name}",
        covers=f"POST {CHANNELS}/<string(maxlength=10):channel>/stop",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{PAGE}/email/stop", form="/register"),
        program=lambda scene: scene.program.post(f"{CHANNELS}/email/stop"),
        signed_in=True,
        prepare=prepare,
    )


def ask(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a code that is asked for to come in by."""
    return UseCase(
        f"sign in by a mailed code, ask: {name}",
        covers="POST /auth/code",
        ends=ends,
        page=lambda scene: scene.browser.submit("/login/code", form="/register", email=ADA),
        program=lambda scene: scene.program.post("/auth/code", {"email": ADA}),
        prepare=prepare,
    )


def come(name: str, ends: str, code_of: Code) -> UseCase:
    """Return a way in by a mailed code."""

    def page(scene: Scene) -> TestResponse:
        scene.browser.submit("/login/code", email=ADA)
        code = code_of(mailed_codes(scene.app, ADA)[0])
        return scene.browser.submit("/login/code/type", code=code)

    def program(scene: Scene) -> TestResponse:
        asked = scene.program.post("/auth/code", {"email": ADA}).get_json()
        code = code_of(mailed_codes(scene.app, ADA)[0])
        sent = {**asked, "email": ADA, "code": code}
        return scene.program.post("/auth/token/mailed-code", sent)

    return UseCase(
        f"sign in by a mailed code: {name}",
        covers="POST /auth/token/mailed-code",
        ends=ends,
        page=page,
        program=program,
        prepare=switched_on,
    )


def shown(answer: TestResponse) -> list[str]:
    """Return where the page says codes go."""
    found = re.findall(r"Codes go to ([^<]+)\.<", answer.text)
    return ["email" if "@" in where else "sms" for where in found]


def told(answer: TestResponse) -> list[str]:
    """Return the same from the API."""
    return [one["channel"] for one in answer.json["items"]]


CASES = [
    UseCase(
        "where codes go: a phone",
        covers=f"GET {CHANNELS}",
        ends="done",
        page=lambda scene: scene.browser.get(PAGE),
        program=lambda scene: scene.program.get(CHANNELS),
        signed_in=True,
        prepare=by_phone,
        seen_on_page=shown,
        seen_by_program=told,
    ),
    begin("email", "the first", "done", nothing),
    begin("email", "again", "409", by_mail),
    begin("email", "without fresh proof", "prove presence", later),
    begin("sms", "a mobile number", "done", has_sms, number="+49 170 1234567"),
    begin("sms", "a premium number", "refused: number", has_sms, number="+49 900 1234567"),
    begin("sms", "where none are sent", "not found", nothing, number="+49 170 1234567"),
    confirm("the code that arrived", "done", str),
    confirm("another code", "refused: code", another),
    stop("one's own", "done", by_mail),
    stop("somebody else's", "not found", graces),
    stop("without fresh proof", "prove presence", later),
    ask("where the site wants it", "done", switched_on),
    ask("where it does not", "not found", nothing),
    come("the code that arrived", "done", str),
    come("another code", "refused: code", another),
]
