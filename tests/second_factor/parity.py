# file of feature: api
"""The second question, answered on both faces."""

from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.core.secrets import new_secret
from app.login.attempt import Origin
from app.second_factor import trust
from tests.house.parity import ADA, GRACE, Scene, both, form, items, texts, visit
from tests.second_factor.word import give_word

STEP = "/login/second-factor/word"
FACTORS = "/account/second-factor"


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
    with scene.saving():
        user_id = accounts.get_user(owner).id
        trust.remember(user_id, Origin(device=new_secret()))
        scene.found["id"] = trust.browsers_of(user_id)[0].public_id


def step_on_page(scene: Scene, path: str, **fields: str) -> TestResponse:
    """Sign in, and send a form of the step."""
    scene.browser.sign_in(ADA, remember="y")
    return scene.browser.submit(f"/login/second-factor{path}", "/register", **fields)


def step_by_program(scene: Scene, path: str, **body: str) -> TestResponse:
    """Sign in, and send what the form sends."""
    attempt = scene.program.sign_in(ADA).get_json().get("attempt", "none")
    return scene.program.post(f"/auth/token{path}", {"attempt": attempt, **body})


give = both(
    "second factor",
    "POST /auth/token/word",
    signed_in=False,
    page=lambda scene: step_on_page(scene, "/word", code=scene.found["code"]),
    program=lambda scene: step_by_program(scene, "/word", code=scene.found["code"]),
)
presence = both(
    "presence by a code",
    "POST /auth/reauthenticate/word",
    page=form("/reauthenticate/word", "/register"),
    code="{code}",
)
forget = both(
    "ask again in a browser",
    "DELETE /me/second-factor/browsers/{id}",
    page=form(f"{FACTORS}/browsers/{{id}}/forget", "/reauthenticate"),
)

CASES = [
    give("the right code", "done", has_word),
    give("a wrong code", "refused: code", guesses),
    give("guessed at too often", "wait", guessed_often),
    presence("the right code", "done", has_word),
    presence("a wrong code", "refused: code", guesses),
    presence("a factor of somebody else's", "not found", graces),
    both(
        "ask for a code that is not sent, on the way in",
        "POST /auth/token/word/send",
        signed_in=False,
        page=lambda scene: step_on_page(scene, "/word/send"),
        program=lambda scene: step_by_program(scene, "/word/send"),
        ends="409",
        prepare=has_word,
    ),
    both(
        "ask for a code that is not sent, for presence",
        "POST /auth/reauthenticate/word/send",
        page=form("/reauthenticate/word/send", "/register"),
        ends="409",
        prepare=has_word,
    ),
    both(
        "second factors: one",
        "GET /me/second-factor",
        page=visit(FACTORS),
        prepare=has_word,
        seen=(texts(r"<h2>([^<]+)</h2>\s*<p><bdi>(.+?)</bdi>"), items("label", "state")),
    ),
    forget("one's own", "done", is_trusted),
    forget("somebody else's", "not found", graces_is_trusted),
]
