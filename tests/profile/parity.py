# file of feature: api
"""The account page and its use cases, on both faces."""

import json
import re
from collections.abc import Callable
from typing import Any

from werkzeug.test import TestResponse

from app.core.throttle import FREE_TRIES
from app.extensions import limiter
from tests.conftest import Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing, plain

NEW, THIRD = "ada@new.example.com", "ada@third.example.com"
TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00")
Preparation = Callable[[Scene], object]
Way = Callable[[Scene], TestResponse]


def later(scene: Scene) -> None:
    """The proof of presence is old."""
    scene.clock.forward(minutes=11)


def somewhere(scene: Scene, email: str = ADA) -> Browser:
    """Return another browser in which somebody is signed in."""
    browser = Browser(scene.app)
    assert browser.sign_in(email).status_code == 303
    return browser


def asked(scene: Scene) -> None:
    """Ada has asked for another address."""
    somewhere(scene).submit("/account/email", email=NEW)
    scene.found["token"] = scene.mailed_token(NEW)


def asked_too_often(scene: Scene) -> None:
    """Ada has asked for one address after the other."""
    browser = somewhere(scene)
    for n in range(FREE_TRIES):
        browser.submit("/account/email", email=f"ada{n}@new.example.com")
    with scene.app.app_context():
        limiter.reset()


def tried_from_here(scene: Scene) -> None:
    """Somebody at this address has sent the form ten times."""
    browser = somewhere(scene)
    form = {"csrf_token": browser.token("/account/email"), "email": "x"}
    for _ in range(10):
        browser.post("/account/email", form)


def grace(scene: Scene) -> None:
    """Grace has an account."""
    scene.account(GRACE)


def asked_by_grace(scene: Scene) -> None:
    """Grace has asked for an address, and mails the link to Ada."""
    grace(scene)
    somewhere(scene, GRACE).submit("/account/email", email=NEW)
    scene.found["token"] = scene.mailed_token(NEW)


def taken(scene: Scene) -> None:
    """Somebody else has the address by now."""
    asked(scene)
    scene.account(NEW, "Grace Hopper")


def moved(scene: Scene) -> None:
    """Ada has moved to another address."""
    asked(scene)
    somewhere(scene).submit(f"/account/email/{scene.found['token']}")
    scene.found["token"] = scene.mailed_token(ADA)


def moved_and_taken(scene: Scene) -> None:
    """Ada has moved, and somebody else has the former address by now."""
    moved(scene)
    scene.account(ADA, "Grace Hopper")


def planned(scene: Scene) -> None:
    """Ada has asked for the account to be erased."""
    somewhere(scene).submit("/account/delete")
    scene.found["token"] = scene.mailed_token(ADA)


def link(path: str) -> Way:
    """Return the page's way to follow a link, and to read the page that it ends at."""

    def page(scene: Scene) -> TestResponse:
        answer = scene.browser.submit(path.format(scene.found["token"]), "/register")
        return scene.browser.get(answer.location) if answer.location else answer

    return page


def body(path: str) -> Way:
    """Return the program's way to follow a link."""
    return lambda scene: scene.program.post(path, {"token": scene.found["token"]})


def change_name(name: str, ends: str, new: str) -> UseCase:
    """Return a change of name."""
    return UseCase(
        f"change the name: {name}",
        covers="PATCH /me",
        ends=ends,
        page=lambda scene: scene.browser.submit("/account/profile", name=new),
        program=lambda scene: scene.program.call("PATCH", "/me", {"name": new}),
        signed_in=True,
    )


def change_email(
    name: str,
    ends: str,
    email: str = NEW,
    prepare: Preparation = nothing,
    form: str = "/account/email",
) -> UseCase:
    """Return somebody's asking for another address."""
    return UseCase(
        f"ask for another address: {name}",
        covers="POST /me/email",
        ends=ends,
        page=lambda scene: scene.browser.submit("/account/email", form, email=email),
        program=lambda scene: scene.program.post("/me/email", {"email": email}),
        signed_in=True,
        prepare=prepare,
    )


def by_link(address: str, path: str, *, signed_in: bool) -> Callable[..., UseCase]:
    """Return what makes the cases of one kind of mailed link."""

    def case(name: str, ends: str, prepare: Preparation) -> UseCase:
        return UseCase(
            name,
            covers=f"POST {address}",
            ends=ends,
            page=link(path),
            program=body(address),
            signed_in=signed_in,
            prepare=prepare,
        )

    return case


confirm = by_link("/me/email/confirm", "/account/email/{}", signed_in=True)
undo = by_link("/auth/email/undo", "/account/email/undo/{}", signed_in=False)
keep = by_link("/auth/keep", "/account/delete/undo/{}", signed_in=False)


def keep_at_the_door(name: str, ends: str, prepare: Preparation, *, attempt: str = "") -> UseCase:
    """Return the keeping of an account on the way in."""

    def page(scene: Scene) -> TestResponse:
        if not attempt:
            scene.browser.sign_in(ADA, remember="y")
        return scene.browser.submit("/login/keep", "/register")

    def program(scene: Scene) -> TestResponse:
        known = attempt or scene.program.sign_in(ADA).get_json()["attempt"]
        return scene.program.post("/auth/token/keep", {"attempt": known})

    return UseCase(
        f"keep the account on the way in: {name}",
        covers="POST /auth/token/keep",
        ends=ends,
        page=page,
        program=program,
        prepare=prepare,
    )


def sensitive(name: str, ends: str, covers: str, prepare: Preparation, **more: Any) -> UseCase:
    """Return what takes fresh proof and nothing else."""
    path = {"GET /me/export": "/account/export", "DELETE /me": "/account/delete"}[covers]
    form = "/register" if prepare is later else path
    return UseCase(
        name,
        covers=covers,
        ends=ends,
        page=lambda scene: scene.browser.submit(path, form),
        program=lambda scene: scene.program.call(*covers.split()),
        signed_in=True,
        prepare=prepare,
        **more,
    )


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


CASES = [
    UseCase(
        "read one's account",
        covers="GET /me",
        ends="done",
        page=lambda scene: scene.browser.get("/account"),
        program=lambda scene: scene.program.get("/me"),
        signed_in=True,
        seen_on_page=shown,
        seen_by_program=shown,
    ),
    UseCase(
        "read which address waits",
        covers="GET /me/email",
        ends="done",
        page=lambda scene: scene.browser.get("/account"),
        program=lambda scene: scene.program.get("/me/email"),
        signed_in=True,
        prepare=asked,
        seen_on_page=waiting,
        seen_by_program=lambda answer: answer.get_json()["new_email"],
    ),
    UseCase(
        "read one's account: a stranger",
        covers="GET /me",
        ends="who are you",
        page=lambda scene: scene.browser.get("/account"),
        program=lambda scene: scene.program.get("/me"),
    ),
    change_name("to another", "done", "  Ada King "),
    change_name("to none", "refused: name", "   "),
    change_name("to one that is too long", "refused: name", "A" * 101),
    change_name("to two lines", "refused: name", "Ada\r\nBcc: all"),
    change_email("a free one", "done"),
    change_email("in another spelling", "done", " Ada@NEW.example.com "),
    change_email("one that has an account", "done", GRACE, grace),
    change_email("after another one", "done", THIRD, asked),
    change_email("one's own", "refused: email", ADA.upper()),
    change_email("what is none", "refused: email", "ada at new"),
    change_email("from where ten were tried", "wait", prepare=tried_from_here),
    change_email("too often", "wait", prepare=asked_too_often),
    change_email("without fresh proof", "prove presence", prepare=later, form="/register"),
    confirm("move to another address: by the link", "done", asked),
    confirm("move to another address: by a link of another account", "used up", asked_by_grace),
    confirm(
        "move to another address: by a link nobody has mailed",
        "used up",
        lambda s: s.found.update(token="x"),
    ),
    confirm("move to another address: that is taken by now", "409", taken),
    undo("take a move back: by the link", "done", moved),
    undo(
        "take a move back: by a link nobody has mailed",
        "used up",
        lambda s: s.found.update(token="x"),
    ),
    undo("take a move back: that is taken by now", "409", moved_and_taken),
    keep("keep the account by the link: in time", "done", planned),
    keep(
        "keep the account by the link: by a link nobody has mailed",
        "used up",
        lambda s: s.found.update(token="x"),
    ),
    keep_at_the_door("with the password", "done", planned),
    keep_at_the_door("without coming first", "who are you", planned, attempt="x"),
    UseCase(
        "sign in: to an account that is about to be erased",
        covers="POST /auth/token",
        ends="step: keep_account",
        page=lambda scene: scene.browser.sign_in(ADA, remember="y"),
        program=lambda scene: scene.program.sign_in(ADA),
        prepare=planned,
    ),
    sensitive(
        "take a copy",
        "done",
        "GET /me/export",
        asked,
        seen_on_page=copied,
        seen_by_program=copied,
    ),
    sensitive("take a copy: without fresh proof", "prove presence", "GET /me/export", later),
    sensitive("ask for deletion", "done", "DELETE /me", nothing),
    sensitive("ask for deletion: without fresh proof", "prove presence", "DELETE /me", later),
]
