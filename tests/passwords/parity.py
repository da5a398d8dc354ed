# file of feature: api
"""Forgotten, reset and changed passwords, on both faces."""

from app.accounts import service as accounts
from app.core.throttle import FREE_TRIES
from tests.conftest import PASSWORD, Browser
from tests.house.parity import (
    ADA,
    GRACE,
    NEW_PASSWORD,
    WRONG_PASSWORD,
    Scene,
    both,
    call,
    form,
    passed,
)
from tests.login.parity import ended, switched_off, unconfirmed

FORGOT, RESET, CHANGE = "/password/forgot", "/password/reset/{token}", "/account/password"


def mailed(scene: Scene) -> None:
    """Ada is signed in elsewhere, and has got a link."""
    scene.another_browser()
    Browser(scene.app).submit(FORGOT, email=ADA)
    scene.found["token"] = scene.mailed_token(ADA)


def elsewhere(scene: Scene) -> None:
    """Ada is signed in elsewhere too."""
    scene.another_browser()


def without_password(scene: Scene) -> None:
    """Ada's account has no password, as after a change of address that was taken back."""
    with scene.saving():
        accounts.get_user(ADA).password_hash = None


def flooded(scene: Scene) -> None:
    """Ada's inbox has had all that one inbox is sent."""
    for _ in range(9):
        Browser(scene.app).submit(FORGOT, email=ADA)


def followed(scene: Scene) -> None:
    """Somebody has followed the link."""
    path = RESET.format(**scene.found)
    Browser(scene.app).submit(path, "/register", password=NEW_PASSWORD)


def guessed_at(scene: Scene) -> None:
    """Somebody has guessed at the password in a session that was left open."""
    thief = scene.another_browser()
    for _ in range(FREE_TRIES):
        thief.submit(CHANGE, current=WRONG_PASSWORD, password=NEW_PASSWORD)
    scene.forget_addresses()


def asked_from_here(scene: Scene) -> None:
    """Somebody at this address has asked for a link ten times."""
    scene.send_often(Browser(scene.app), FORGOT, "/register")


def reset_from_here(scene: Scene) -> None:
    """Somebody at this address has followed the link ten times."""
    scene.send_often(Browser(scene.app), RESET.format(**scene.found), "/register")


def tried_inside(scene: Scene) -> None:
    """Somebody at this address has sent the form ten times in a session of Ada's."""
    scene.send_often(scene.another_browser(), CHANGE)


forgot = both("forgot", "POST /auth/password/forgot", signed_in=False, page=form(FORGOT), email=ADA)
reset = both(
    "reset",
    "POST /auth/password/reset",
    signed_in=False,
    page=form(RESET, "/register", follow=True),
    program=call(token="{token}"),
    prepare=mailed,
    password=NEW_PASSWORD,
)
change = both(
    "change the password",
    "POST /auth/password/change",
    page=form(CHANGE),
    prepare=elsewhere,
    current=PASSWORD,
    password=NEW_PASSWORD,
)

CASES = [
    forgot("with an account"),
    forgot("with no account", email="nobody@example.com"),
    forgot("in another spelling", email=" ADA@example.COM "),
    forgot("before it was confirmed", "done", unconfirmed, email=GRACE),
    forgot("with an account that is switched off", "done", switched_off),
    forgot("with an account without a password", "done", without_password),
    forgot("with a full inbox", "done", flooded),
    forgot("with what is no address", "refused: email", email="ada at example"),
    forgot("with no address", "refused: email", email=""),
    forgot("from where ten were tried", "wait", asked_from_here),
    reset("with a new password"),
    reset("with a short password", "refused: password", password="short"),
    reset("without a password", "refused: password", password=""),
    reset("a link that was followed", "used up", also=followed),
    reset("after an hour", "used up", also=passed(minutes=61)),
    reset("with an account that is switched off", "used up", also=switched_off),
    reset("a link nobody has mailed", "used up", token="x"),
    reset("from where ten were tried", "wait", also=reset_from_here),
    change("with the current one"),
    change("with a wrong one", "refused: current", current=WRONG_PASSWORD),
    change("to a short one", "refused: password", password="short"),
    change("to the one there is", "refused: password", password=PASSWORD),
    change("to the first one", "done", also=without_password),
    change("from where ten were tried", "wait", also=tried_inside),
    change("while it is guessed at", "wait", also=guessed_at),
    change(
        "without fresh proof", "prove presence", also=passed(minutes=11), opened="/reauthenticate"
    ),
    change("in a session that was ended", "who are you", also=ended, opened="/register"),
]
