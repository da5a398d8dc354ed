# file of feature: api
"""Registering and confirming, on both faces."""

from app.core.throttle import FREE_TRIES
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, WRONG_PASSWORD, Scene, both, call, form, passed

NEW = "new@example.com"
LINK = "/confirm-email/{token}"


def unconfirmed(scene: Scene) -> None:
    """A stranger has registered the address before."""
    scene.account(GRACE, "Mallory", confirmed=False)


def too_many(scene: Scene) -> None:
    """Somebody at this address has registered ten others."""
    for n in range(10):
        Browser(scene.app).register(f"n{n}@example.com")


def registered(scene: Scene) -> None:
    """Somebody has registered, and got the mail."""
    Browser(scene.app).register(NEW)
    scene.found["token"] = scene.mailed_token(NEW)


def registered_again(scene: Scene) -> None:
    """The same person has registered once more."""
    Browser(scene.app).register(NEW)


def followed(scene: Scene, password: str = PASSWORD) -> None:
    """Somebody has followed the link in another browser."""
    path = LINK.format(**scene.found)
    Browser(scene.app).submit(path, "/register", password=password)


def guessed_at(scene: Scene) -> None:
    """Somebody who saw the mail has guessed at its password."""
    for _ in range(FREE_TRIES):
        followed(scene, WRONG_PASSWORD)


def tried_from_here(scene: Scene) -> None:
    """Somebody at this address has tried ten times."""
    for _ in range(10):
        followed(scene, "")


def switched_off(scene: Scene) -> None:
    """The account is switched off."""
    scene.run("accounts", "deactivate", NEW)


register = both(
    "register",
    "POST /auth/register",
    signed_in=False,
    page=form("/register"),
    name="Ada King",
    email=NEW,
    password=PASSWORD,
)
confirm = both(
    "confirm",
    "POST /auth/confirm-email",
    signed_in=False,
    page=form(LINK, "/register"),
    program=call(token="{token}"),
    prepare=registered,
    password=PASSWORD,
)

CASES = [
    register("a new address"),
    register("an address in another spelling", email=" NEW@Example.com "),
    register("an address that has an account", email=ADA),
    register("an address that nobody has confirmed", prepare=unconfirmed, email=GRACE),
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
    register("without a name", "refused: name", name="  "),
    register("with a name that is too long", "refused: name", name="A" * 101),
    register("with a name of two lines", "refused: name", name="Ada\nBcc: all"),
    register("from where ten were registered", "wait", too_many),
    confirm("with the right password"),
    confirm("with a wrong password", "refused: password", password=WRONG_PASSWORD),
    confirm("without a password", "refused: password", password=""),
    confirm("a link that was followed", "used up", also=followed),
    confirm("an older link", "used up", also=registered_again),
    confirm("after a day", "used up", also=passed(hours=25)),
    confirm("with an account that is switched off", "used up", also=switched_off),
    confirm("a link nobody has mailed", "used up", token="x"),
    confirm("while it is guessed at", "wait", also=guessed_at),
    confirm("from where ten were tried", "wait", also=tried_from_here),
]
