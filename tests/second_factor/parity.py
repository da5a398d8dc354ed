# file of feature: api
"""The second question, answered on both faces."""

import re
from collections.abc import Callable

from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.core.secrets import new_secret
from app.extensions import db
from app.login.attempt import Origin
from app.second_factor import trust
from tests.house.parity import ADA, GRACE, Scene, UseCase
from tests.second_factor.word import give_word

STEP = "/login/second-factor/word"
FACTORS = "/account/second-factor"
Preparation = Callable[[Scene], object]


def has_word(scene: Scene) -> None:
    """Ada has a factor."""
    scene.found["code"] = give_word(scene.app, ADA)


def guesses(scene: Scene) -> None:
    """Whoever asks does not know Ada's factor."""
    has_word(scene)
    scene.found["code"] = "a guess"


def graces(scene: Scene) -> None:
    """Grace has a factor, and Ada has none."""
    scene.account(GRACE)
    scene.found["code"] = give_word(scene.app, GRACE)


def guessed_often(scene: Scene) -> None:
    """Somebody has guessed at Ada's factor as often as is allowed."""
    guesses(scene)
    scene.browser.sign_in(ADA)
    for _ in range(5):
        scene.browser.submit(STEP, code="another guess")
    scene.browser.client.delete_cookie("session")


def is_trusted(scene: Scene) -> None:
    """Ada is not asked in one browser."""
    trusts(scene, ADA)


def graces_is_trusted(scene: Scene) -> None:
    """Grace is not asked in one browser."""
    scene.account(GRACE)
    trusts(scene, GRACE)


def trusts(scene: Scene, owner: str) -> None:
    """Somebody is not asked in one browser, whose id Ada knows."""
    scene.app.config["TRUSTED_BROWSER_DAYS"] = 30
    with scene.app.app_context():
        user_id = accounts.get_user(owner).id
        trust.remember(user_id, Origin(device=new_secret()))
        scene.found["id"] = trust.browsers_of(user_id)[0].public_id
        db.session.commit()


def give(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a code that is given on the way in."""

    def page(scene: Scene) -> TestResponse:
        scene.browser.sign_in(ADA, remember="y")
        return scene.browser.submit(STEP, form="/register", code=scene.found["code"])

    def program(scene: Scene) -> TestResponse:
        attempt = scene.program.sign_in(ADA).get_json().get("attempt", "none")
        sent = {"attempt": attempt, "code": scene.found["code"]}
        return scene.program.post("/auth/token/word", sent)

    return UseCase(
        f"second factor: {name}",
        covers="POST /auth/token/<string(maxlength=40):factor>",
        ends=ends,
        page=page,
        program=program,
        prepare=prepare,
    )


def presence(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return presence proved by a code."""
    return UseCase(
        f"presence by a code: {name}",
        covers="POST /auth/reauthenticate/<string(maxlength=40):factor>",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            "/reauthenticate/word", form="/register", code=scene.found["code"]
        ),
        program=lambda scene: scene.program.post(
            "/auth/reauthenticate/word", {"code": scene.found["code"]}
        ),
        signed_in=True,
        prepare=prepare,
    )


def send_on_the_way_in(scene: Scene) -> TestResponse:
    """Ask for a code of a kind that is not sent, by the page."""
    scene.browser.sign_in(ADA, remember="y")
    return scene.browser.submit(f"{STEP}/send", form="/register")


def ask_on_the_way_in(scene: Scene) -> TestResponse:
    """The same by a program."""
    attempt = scene.program.sign_in(ADA).get_json()["attempt"]
    return scene.program.post("/auth/token/word/send", {"attempt": attempt})


def forget(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return a browser that is asked again."""
    return UseCase(
        f"ask again in a browser: {name}",
        covers="DELETE /me/second-factor/browsers/<uuid:public_id>",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"{FACTORS}/browsers/{scene.found['id']}/forget", form="/reauthenticate"
        ),
        program=lambda scene: scene.program.call(
            "DELETE", f"/me/second-factor/browsers/{scene.found['id']}"
        ),
        signed_in=True,
        prepare=prepare,
    )


def shown(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the factors of the page."""
    return re.findall(r"<h2>([^<]+)</h2>\s*<p><bdi>(.+?)</bdi>", answer.text)


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    return [(one["label"], one["state"]) for one in answer.json["items"]]


CASES = [
    give("the right code", "done", has_word),
    give("a wrong code", "refused: code", guesses),
    give("guessed at too often", "wait", guessed_often),
    presence("the right code", "done", has_word),
    presence("a wrong code", "refused: code", guesses),
    presence("a factor of somebody else's", "not found", graces),
    UseCase(
        "ask for a code that is not sent, on the way in",
        covers="POST /auth/token/<string(maxlength=40):factor>/send",
        ends="409",
        page=send_on_the_way_in,
        program=ask_on_the_way_in,
        prepare=has_word,
    ),
    UseCase(
        "ask for a code that is not sent, for presence",
        covers="POST /auth/reauthenticate/<string(maxlength=40):factor>/send",
        ends="409",
        page=lambda scene: scene.browser.submit("/reauthenticate/word/send", form="/register"),
        program=lambda scene: scene.program.post("/auth/reauthenticate/word/send"),
        signed_in=True,
        prepare=has_word,
    ),
    UseCase(
        "second factors: one",
        covers="GET /me/second-factor",
        ends="done",
        page=lambda scene: scene.browser.get(FACTORS),
        program=lambda scene: scene.program.get("/me/second-factor"),
        signed_in=True,
        prepare=has_word,
        seen_on_page=shown,
        seen_by_program=told,
    ),
    forget("one's own", "done", is_trusted),
    forget("somebody else's", "not found", graces_is_trusted),
]
