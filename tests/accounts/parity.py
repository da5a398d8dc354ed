# file of feature: api
"""Registering and confirming, on both faces."""

from collections.abc import Callable

from app.core.throttle import FREE_TRIES
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing

NEW = "new@example.com"
WRONG = "not-the-password-of-anybody"
Preparation = Callable[[Scene], object]


def register(name: str, ends: str, prepare: Preparation = nothing, **other: str) -> UseCase:
    """Return a registration; some of what is sent may be other than usual."""
    sent = {"called": "Ada King", "email": NEW, "password": PASSWORD, **other}
    sent["name"] = sent.pop("called")
    return UseCase(
        f"register: {name}",
        covers="POST /auth/register",
        ends=ends,
        page=lambda scene: scene.browser.submit("/register", **sent),
        program=lambda scene: scene.program.post("/auth/register", sent),
        prepare=prepare,
    )


def confirm(
    name: str, ends: str, password: str = PASSWORD, prepare: Preparation = nothing
) -> UseCase:
    """Return the following of a mailed link, after a registration."""

    def prepared(scene: Scene) -> None:
        Browser(scene.app).register(NEW)
        scene.found["token"] = scene.mailed_token(NEW)
        prepare(scene)

    return UseCase(
        f"confirm: {name}",
        covers="POST /auth/confirm-email",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/confirm-email/{scene.found['token']}", "/register", password=password
        ),
        program=lambda scene: scene.program.post(
            "/auth/confirm-email", {"token": scene.found["token"], "password": password}
        ),
        prepare=prepared,
    )


def unconfirmed(scene: Scene) -> None:
    """A stranger has registered the address before."""
    scene.account(GRACE, "Mallory", confirmed=False)


def followed(scene: Scene, password: str = PASSWORD) -> None:
    """Somebody has followed the link in another browser."""
    Browser(scene.app).submit(
        f"/confirm-email/{scene.found['token']}", "/register", password=password
    )


def guessed_at(scene: Scene) -> None:
    """Somebody who saw the mail has guessed at its password."""
    for _ in range(FREE_TRIES):
        followed(scene, WRONG)


def registered_again(scene: Scene) -> None:
    """The same person has registered once more."""
    Browser(scene.app).register(NEW)


def tried_from_here(scene: Scene) -> None:
    """Somebody at this address has tried ten times."""
    for _ in range(10):
        followed(scene, "")


def too_many(scene: Scene) -> None:
    """Somebody at this address has registered ten others."""
    for n in range(10):
        Browser(scene.app).register(f"n{n}@example.com")


CASES = [
    register("a new address", "done"),
    register("an address in another spelling", "done", email=" NEW@Example.com "),
    register("an address that has an account", "done", email=ADA),
    register("an address that nobody has confirmed", "done", email=GRACE, prepare=unconfirmed),
    register("with what is no address", "refused: email", email="new at example"),
    register("without an address", "refused: email", email=""),
    register(
        "with an address that is too long", "refused: email", email=f"{'a' * 310}@example.com"
    ),
    register("with a short password", "refused: password", password="short"),
    register("with a common password", "refused: password", password="passwordpassword"),
    register("with one's name as password", "refused: password", password="adakingadakingadaking"),
    register("with a password that is too long", "refused: password", password="x-y-z" * 52),
    register("without a password", "refused: password", password=""),
    register("without a name", "refused: name", called="  "),
    register("with a name that is too long", "refused: name", called="A" * 101),
    register("with a name of two lines", "refused: name", called="Ada\nBcc: all"),
    register("from where ten were registered", "wait", prepare=too_many),
    confirm("with the right password", "done"),
    confirm("with a wrong password", "refused: password", WRONG),
    confirm("without a password", "refused: password", ""),
    confirm("a link that was followed", "used up", prepare=followed),
    confirm("an older link", "used up", prepare=registered_again),
    confirm("after a day", "used up", prepare=lambda scene: scene.clock.forward(hours=25)),
    confirm(
        "with an account that is switched off",
        "used up",
        prepare=lambda scene: scene.run("accounts", "deactivate", NEW),
    ),
    confirm("a link nobody has mailed", "used up", prepare=lambda s: s.found.update(token="x")),
    confirm("while it is guessed at", "wait", prepare=guessed_at),
    confirm("from where ten were tried", "wait", prepare=tried_from_here),
]
