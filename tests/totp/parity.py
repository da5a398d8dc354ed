# file of feature: api
"""Authenticators, added and taken away on both faces."""

from collections.abc import Callable

from werkzeug.test import TestResponse

from app.extensions import db
from app.totp.models import Authenticator
from tests.house.parity import ADA, GRACE, Scene, both, form, items, later, texts, visit
from tests.totp.conftest import Phone, give_authenticator, read_picture

TOTP = "/account/totp"
ADD = f"{TOTP}/add"


def has_one(scene: Scene) -> None:
    """Ada has an authenticator."""
    give(scene, ADA)


def graces(scene: Scene) -> None:
    """Grace has one."""
    scene.account(GRACE)
    give(scene, GRACE)


def full(scene: Scene) -> None:
    """Ada has as many as there may be."""
    for number in range(10):
        give_authenticator(scene.app, ADA, f"Phone {number}")


def give(scene: Scene, owner: str) -> None:
    """Let somebody have one, whose id Ada knows."""
    give_authenticator(scene.app, owner)
    with scene.app.app_context():
        scene.found["id"] = db.session.scalars(db.select(Authenticator.public_id)).one()


def confirm_on_page(scene: Scene, code_of: Callable[[Phone], str], name: str) -> TestResponse:
    """Begin, and send the code of the picture."""
    scene.browser.submit(ADD, begin="1")
    scene.browser.get(ADD)
    return scene.browser.submit(ADD, code=code_of(read_picture(scene.browser)), name=name)


def confirm_by_program(scene: Scene, code_of: Callable[[Phone], str], name: str) -> TestResponse:
    """Begin, and send the code of the secret."""
    secret = scene.program.post("/me/totp").get_json()["secret"]
    return scene.program.post("/me/totp/confirm", {"code": code_of(Phone(secret)), "name": name})


begin = both("add an authenticator, begin", "POST /me/totp", page=form(ADD, "/register", begin="1"))
confirm = both(
    "add an authenticator",
    "POST /me/totp/confirm",
    page=confirm_on_page,
    program=confirm_by_program,
    code_of=Phone.code,
    name="Phone",
)
remove = both(
    "take an authenticator away",
    "DELETE /me/totp/{id}",
    prepare=has_one,
    page=form(f"{TOTP}/{{id}}/remove", "/reauthenticate"),
)

CASES = [
    both(
        "authenticators: one",
        "GET /me/totp",
        page=visit(TOTP),
        prepare=has_one,
        seen=(texts(r"<h2><bdi>(.+?)</bdi></h2>"), items("name")),
    ),
    begin("the first"),
    begin("an eleventh", "409", full),
    begin("without fresh proof", "prove presence", has_one, also=later),
    confirm("its code"),
    confirm("another code", "refused: code", code_of=Phone.wrong_code),
    confirm("without a name", "refused: name", name=" "),
    remove("one's own"),
    remove("somebody else's", "not found", graces),
    remove("without fresh proof", "prove presence", also=later),
]
