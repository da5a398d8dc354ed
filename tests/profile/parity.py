# file of feature: api
"""The account page and its use cases, on both faces."""

import json
import re
from typing import Any

from werkzeug.test import TestResponse

from app.core.throttle import FREE_TRIES
from tests.conftest import PASSWORD
from tests.house.parity import ADA, GRACE, Scene, both, call, form, grace, passed, plain, visit

NEW, THIRD = "ada@new.example.com", "ada@third.example.com"
CONFIRM, KEEP = "/account/email/{token}", "/account/delete/undo/{token}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")


def asked(scene: Scene) -> None:
    """Ada has asked for another address."""
    scene.another_browser().submit("/account/email", email=NEW)
    scene.found["token"] = scene.mailed_token(NEW)


def asked_too_often(scene: Scene) -> None:
    """Ada has asked for one address after the other."""
    browser = scene.another_browser()
    for n in range(FREE_TRIES):
        browser.submit("/account/email", email=f"ada{n}@new.example.com")
    scene.forget_addresses()


def tried_from_here(scene: Scene) -> None:
    """Somebody at this address has sent the form ten times."""
    scene.send_often(scene.another_browser(), "/account/email", email="x")


def asked_by_grace(scene: Scene) -> None:
    """Grace has asked for an address, and mails the link to Ada."""
    scene.account(GRACE)
    scene.another_browser(GRACE).submit("/account/email", email=NEW)
    scene.found["token"] = scene.mailed_token(NEW)


def taken(scene: Scene) -> None:
    """Somebody else has the address by now."""
    asked(scene)
    scene.account(NEW, "Grace Hopper")


def moved(scene: Scene) -> None:
    """Ada has moved to another address."""
    asked(scene)
    scene.another_browser().submit(CONFIRM.format(**scene.found))
    scene.found["token"] = scene.mailed_token(ADA)


def moved_and_taken(scene: Scene) -> None:
    """Ada has moved, and somebody else has the former address by now."""
    moved(scene)
    scene.account(ADA, "Grace Hopper")


def planned(scene: Scene) -> None:
    """Ada has asked for the account to be erased."""
    scene.another_browser().submit("/account/delete")
    scene.found["token"] = scene.mailed_token(ADA)


def keep_on_page(scene: Scene, attempt: str) -> TestResponse:
    """Keep the account on the way in."""
    if not attempt:
        scene.browser.sign_in(ADA, remember="y")
    return scene.browser.submit("/login/keep", "/register")


def keep_by_program(scene: Scene, attempt: str) -> TestResponse:
    """The same by a program."""
    known = attempt or scene.program.sign_in(ADA).get_json()["attempt"]
    return scene.program.post("/auth/token/keep", {"attempt": known})


def copied(answer: TestResponse) -> Any:
    """Return a copy of somebody's data; the tokens of a program are not a browser's."""
    known = plain(json.loads(TIME.sub("a time", answer.text)))
    known.pop("api")
    return known


def shown(answer: TestResponse) -> tuple[bool, bool]:
    """Tell whether an answer names somebody and their address."""
    return "Ada Lovelace" in answer.text, ADA in answer.text


def waiting(answer: TestResponse) -> str:
    """Return the address that waits, as the account page says it."""
    return re.findall(r"Waiting for ([^:]+):", answer.text)[0]


later = passed(minutes=11)  # the proof of presence is old
account = both("read one's account", "GET /me", page=visit("/account"), seen=shown)
change_name = both("change the name", "PATCH /me", page=form("/account/profile"))
change_email = both(
    "ask for another address", "POST /me/email", page=form("/account/email"), email=NEW
)
confirm = both(
    "move to another address",
    "POST /me/email/confirm",
    page=form(CONFIRM, "/register", follow=True),
    program=call(token="{token}"),
)
undo = both(
    "take a move back",
    "POST /auth/email/undo",
    signed_in=False,
    page=form("/account/email/undo/{token}", "/register", follow=True),
    program=call(token="{token}"),
)
keep = both(
    "keep the account by the link",
    "POST /auth/keep",
    signed_in=False,
    page=form(KEEP, "/register", follow=True),
    program=call(token="{token}"),
)
keep_at_the_door = both(
    "keep the account on the way in",
    "POST /auth/token/keep",
    signed_in=False,
    page=keep_on_page,
    program=keep_by_program,
    prepare=planned,
    attempt="",
)
export = both(
    "take a copy", "GET /me/export", page=form("/account/export"), prepare=asked, seen=copied
)
erase = both("ask for deletion", "DELETE /me", page=form("/account/delete"))

CASES = [
    account,
    both(
        "read which address waits",
        "GET /me/email",
        page=visit("/account"),
        prepare=asked,
        seen=(waiting, lambda answer: answer.get_json()["new_email"]),
    ),
    account("a stranger", "who are you", signed_in=False),
    change_name("to another", name="  Ada King "),
    change_name("to none", "refused: name", name="   "),
    change_name("to one that is too long", "refused: name", name="A" * 101),
    change_name("to two lines", "refused: name", name="Ada\r\nBcc: all"),
    change_email("a free one"),
    change_email("in another spelling", email=" Ada@NEW.example.com "),
    change_email("one that has an account", "done", grace, email=GRACE),
    change_email("after another one", "done", asked, email=THIRD),
    change_email("one's own", "refused: email", email=ADA.upper()),
    change_email("what is none", "refused: email", email="ada at new"),
    change_email("from where ten were tried", "wait", tried_from_here),
    change_email("too often", "wait", asked_too_often),
    change_email("without fresh proof", "prove presence", later, opened="/register"),
    confirm("by the link", "done", asked),
    confirm("by a link of another account", "used up", asked_by_grace),
    confirm("by a link nobody has mailed", "used up", token="x"),
    confirm("that is taken by now", "409", taken),
    undo("by the link", "done", moved),
    undo("by a link nobody has mailed", "used up", token="x"),
    undo("that is taken by now", "409", moved_and_taken),
    keep("in time", "done", planned),
    keep("by a link nobody has mailed", "used up", token="x"),
    keep_at_the_door("with the password"),
    keep_at_the_door("without coming first", "who are you", attempt="x"),
    both(
        "sign in: to an account that is about to be erased",
        "POST /auth/token",
        signed_in=False,
        page=form("/login", remember="y"),
        ends="step: keep_account",
        prepare=planned,
        email=ADA,
        password=PASSWORD,
    ),
    export,
    export("without fresh proof", "prove presence", later, opened="/register"),
    erase,
    erase("without fresh proof", "prove presence", later, opened="/register"),
]
