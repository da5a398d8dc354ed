# file of feature: api
"""Forgotten, reset and changed passwords, on both faces."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from app.accounts import service as accounts
from app.core.throttle import FREE_TRIES
from app.extensions import db, limiter
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, NEW_PASSWORD, Scene, UseCase, nothing
from tests.login.parity import ended, switched_off, unconfirmed

WRONG = "not-the-password-of-anybody"
FORGOT, RESET, CHANGE = "/auth/password/forgot", "/auth/password/reset", "/auth/password/change"
Preparation = Callable[[Scene], object]


def forgot(
    name: str, ends: str = "done", email: str = ADA, prepare: Preparation = nothing
) -> UseCase:
    """Return somebody's asking for a link."""
    return UseCase(
        f"forgot: {name}",
        covers=f"POST {FORGOT}",
        ends=ends,
        page=lambda scene: scene.browser.submit("/password/forgot", email=email),
        program=lambda scene: scene.program.post(FORGOT, {"email": email}),
        prepare=prepare,
    )


def reset(
    name: str, ends: str, password: str = NEW_PASSWORD, prepare: Preparation = nothing
) -> UseCase:
    """Return the following of a mailed link, with Ada signed in elsewhere."""

    def prepared(scene: Scene) -> None:
        Browser(scene.app).sign_in(ADA)
        Browser(scene.app).submit("/password/forgot", email=ADA)
        scene.found["token"] = scene.mailed_token(ADA)
        prepare(scene)

    def page(scene: Scene) -> TestResponse:
        path = f"/password/reset/{scene.found['token']}"
        answer = scene.browser.submit(path, "/register", password=password)
        return scene.browser.get(answer.location) if answer.location else answer

    return UseCase(
        f"reset: {name}",
        covers=f"POST {RESET}",
        ends=ends,
        page=page,
        program=lambda scene: scene.program.post(
            RESET, {"token": scene.found["token"], "password": password}
        ),
        prepare=prepared,
    )


def change(
    name: str,
    ends: str,
    prepare: Preparation = nothing,
    form: str = "/account/password",
    **other: str,
) -> UseCase:
    """Return a change of one's password, with Ada signed in elsewhere too."""

    def prepared(scene: Scene) -> None:
        Browser(scene.app).sign_in(ADA)
        prepare(scene)

    sent = {"current": PASSWORD, "password": NEW_PASSWORD, **other}
    return UseCase(
        f"change the password: {name}",
        covers=f"POST {CHANGE}",
        ends=ends,
        page=lambda scene: scene.browser.submit("/account/password", form, **sent),
        program=lambda scene: scene.program.post(CHANGE, sent),
        signed_in=True,
        prepare=prepared,
    )


def without_password(scene: Scene) -> None:
    """Ada's account has no password, as after a change of address that was taken back."""
    with scene.app.app_context():
        accounts.get_user(ADA).password_hash = None
        db.session.commit()


def flooded(scene: Scene) -> None:
    """Ada's inbox has had all that one inbox is sent."""
    for _ in range(9):
        Browser(scene.app).submit("/password/forgot", email=ADA)


def followed(scene: Scene) -> None:
    """Somebody has followed the link."""
    path = f"/password/reset/{scene.found['token']}"
    Browser(scene.app).submit(path, "/register", password=NEW_PASSWORD)


def guessed_at(scene: Scene) -> None:
    """Somebody has guessed at the password in a session that was left open."""
    thief = Browser(scene.app)
    thief.sign_in(ADA)
    for _ in range(FREE_TRIES):
        thief.submit("/account/password", current=WRONG, password=NEW_PASSWORD)
    with scene.app.app_context():
        limiter.reset()


def tried_inside(scene: Scene) -> None:
    """Somebody at this address has sent the form ten times in a session of Ada's."""
    browser = Browser(scene.app)
    browser.sign_in(ADA)
    form = {"csrf_token": browser.token("/account/password")}
    for _ in range(10):
        browser.post("/account/password", form)


def ten_times(path: str) -> Preparation:
    """Return a preparation: somebody at this address has sent a form of the page ten times."""

    def tried(scene: Scene) -> None:
        browser = Browser(scene.app)
        form = {"csrf_token": browser.token("/register")}
        for _ in range(10):
            browser.post(path.format(**scene.found), form)

    return tried


CASES = [
    forgot("with an account"),
    forgot("with no account", email="nobody@example.com"),
    forgot("in another spelling", email=" ADA@example.COM "),
    forgot("before it was confirmed", email=GRACE, prepare=unconfirmed),
    forgot("with an account that is switched off", prepare=switched_off),
    forgot("with an account without a password", prepare=without_password),
    forgot("with a full inbox", prepare=flooded),
    forgot("with what is no address", "refused: email", "ada at example"),
    forgot("with no address", "refused: email", ""),
    forgot("from where ten were tried", "wait", prepare=ten_times("/password/forgot")),
    reset("with a new password", "done"),
    reset("with a short password", "refused: password", "short"),
    reset("without a password", "refused: password", ""),
    reset("a link that was followed", "used up", prepare=followed),
    reset("after an hour", "used up", prepare=lambda scene: scene.clock.forward(minutes=61)),
    reset("with an account that is switched off", "used up", prepare=switched_off),
    reset("a link nobody has mailed", "used up", prepare=lambda s: s.found.update(token="x")),
    reset("from where ten were tried", "wait", prepare=ten_times("/password/reset/{token}")),
    change("with the current one", "done"),
    change("with a wrong one", "refused: current", current=WRONG),
    change("to a short one", "refused: password", password="short"),
    change("to the one there is", "refused: password", password=PASSWORD),
    change("to the first one", "done", prepare=without_password),
    change("from where ten were tried", "wait", prepare=tried_inside),
    change("while it is guessed at", "wait", prepare=guessed_at),
    change(
        "without fresh proof",
        "prove presence",
        prepare=lambda scene: scene.clock.forward(minutes=11),
        form="/reauthenticate",
    ),
    change("in a session that was ended", "who are you", prepare=ended, form="/register"),
]
