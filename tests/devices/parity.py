# file of feature: api
"""Devices, seen and ended on both faces."""

import re
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, NOWHERE, Scene, both, call, form, later, visit

DEVICES = "/account/devices"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"


def phone(scene: Scene, owner: str = ADA) -> None:
    """Somebody has signed in elsewhere as well."""
    browser = Browser(scene.app, "203.0.113.7")
    browser.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert browser.sign_in(owner).status_code == 303
    with scene.app.app_context():
        newest = select(LoginSession.public_id).order_by(LoginSession.id.desc()).limit(1)
        scene.found["id"] = UUID(db.session.scalars(newest).one())


def graces(scene: Scene) -> None:
    """Grace is signed in, and Ada knows the id."""
    scene.account(GRACE)
    phone(scene, GRACE)


def ended(scene: Scene) -> None:
    """The sign-in is over."""
    phone(scene)
    with scene.saving():
        row = db.session.scalars(
            select(LoginSession).where(LoginSession.public_id == scene.found["id"].hex)
        ).one()
        row.revoked_at = scene.clock.now()


def mailed(scene: Scene) -> None:
    """Ada was told of a sign-in that she does not know."""
    scene.browser.sign_in(ADA)
    scene.browser.sign_out()
    phone(scene)
    scene.found["token"] = scene.mailed_token(ADA)


def ended_everywhere(scene: Scene) -> None:
    """Ada was signed out everywhere, so every device counts as unknown again."""
    scene.run("devices", "end", ADA)


def signed_out(scene: Scene) -> None:
    """Ada has left, and time has gone by."""
    phone(scene)
    if scene.program.access_token:
        scene.program.post("/auth/logout")
        scene.program.access_token = ""
    else:
        scene.browser.sign_out()
    scene.clock.forward(minutes=14)


def listed(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the other sign-ins that the page lists, each with its device."""
    found = re.findall(r"<h2>(.+?)</h2>.*? from (\S+) by", answer.text, re.DOTALL)
    return [one for one in found if "This device" not in one[0]]


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    others = (item for item in answer.json["items"] if not item["is_here"])
    return [(item["name"], item["address"]) for item in others]


end = both(
    "end a device",
    "DELETE /me/devices/{id}",
    prepare=phone,
    page=form(f"{DEVICES}/{{id}}/end", DEVICES),
)
end_others = both(
    "end all others",
    "POST /me/devices/end-others",
    prepare=phone,
    page=form(f"{DEVICES}/end-others", DEVICES),
)
end_all = both(
    "end all", "POST /auth/logout-all", prepare=phone, page=form(f"{DEVICES}/end-all", DEVICES)
)
disown = both(
    "not me",
    "POST /auth/not-me",
    signed_in=False,
    page=form(f"{DEVICES}/not-me/{{token}}", "/login"),
    program=call(token="{token}"),
)
# With the cookie, or the `device`, of the sign-in before.
sign_in = both(
    "sign in",
    "POST /auth/token",
    signed_in=False,
    page=form("/login", remember="y"),
    program=lambda scene, **sent: scene.program.sign_in(**sent),
    email=ADA,
    password=PASSWORD,
)

CASES = [
    both(
        "devices: a second one",
        "GET /me/devices",
        page=visit(DEVICES),
        prepare=phone,
        seen=(listed, told),
    ),
    end("one's own"),
    end("somebody else's", "not found", graces),
    end("that is not there", "not found", id=NOWHERE),
    end("that is over", "not found", ended),
    end("without fresh proof", "prove presence", also=later),
    end_others("done"),
    end_others("prove presence", "prove presence", also=later),
    end_all("done"),
    end_all("prove presence", "prove presence", also=later),
    disown("by the link in the mail", "done", mailed),
    disown("when it is over", "done", mailed, also=ended_everywhere),
    disown("by a link that is none", "used up", token="a-link-that-nobody-mailed"),
    sign_in("from a device that is known", "done", signed_out, signed_in=True),
    sign_in(
        "from a device that was ended", "done", signed_out, also=ended_everywhere, signed_in=True
    ),
    sign_in("from a device that is new", "done", later),
]
