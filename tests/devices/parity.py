# file of feature: api
"""Devices, seen and ended on both faces."""

import re
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase

DEVICES = "/account/devices"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
Preparation = Callable[[Scene], object]


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


def nowhere(scene: Scene) -> None:
    """There is no such sign-in."""
    scene.found["id"] = UUID(int=1)


def ended(scene: Scene) -> None:
    """The sign-in is over."""
    phone(scene)
    with scene.app.app_context():
        row = db.session.scalars(
            select(LoginSession).where(LoginSession.public_id == scene.found["id"].hex)
        ).one()
        row.revoked_at = scene.clock.now()
        db.session.commit()


def later(scene: Scene) -> None:
    """Ada is signed in elsewhere, and her proof of presence is old."""
    phone(scene)
    scene.clock.forward(minutes=14)


def mailed(scene: Scene) -> None:
    """Ada was told of a sign-in that she does not know."""
    scene.browser.sign_in(ADA)
    scene.browser.sign_out()
    phone(scene)
    scene.found["token"] = scene.mailed_token(ADA)


def mailed_and_over(scene: Scene) -> None:
    """Ada was told of a sign-in, and it is over."""
    mailed(scene)
    scene.run("devices", "end", ADA)


def unknown(scene: Scene) -> None:
    """There is no such link."""
    scene.found["token"] = "a-link-that-nobody-mailed"


def listed(answer: TestResponse) -> list[tuple[str, str]]:
    """Return where else the page says somebody is signed in, and by what."""
    return re.findall(r"<h2>(.+?)</h2>.*? from (\S+) by", answer.text, re.DOTALL)


def told(answer: TestResponse) -> list[tuple[str, str]]:
    """Return the same from the API."""
    others = (item for item in answer.json["items"] if not item["is_here"])
    return [(item["name"], item["address"]) for item in others]


def end(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the end of one sign-in."""
    return UseCase(
        f"end a device: {name}",
        covers="DELETE /me/devices/<uuid:public_id>",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{DEVICES}/{scene.found['id']}/end", DEVICES),
        program=lambda scene: scene.program.call("DELETE", f"/me/devices/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
    )


def end_many(name: str, button: str, route: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the end of many sign-ins at once."""
    return UseCase(
        f"{name}: {ends}",
        covers=f"POST {route}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{DEVICES}/{button}", DEVICES),
        program=lambda scene: scene.program.post(route),
        signed_in=True,
        prepare=prepare,
    )


def disown(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the following of the link in a mail."""
    return UseCase(
        f"not me: {name}",
        covers="POST /auth/not-me",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"{DEVICES}/not-me/{scene.found['token']}", "/login"
        ),
        program=lambda scene: scene.program.post("/auth/not-me", {"token": scene.found["token"]}),
        prepare=prepare,
    )


def sign_out(scene: Scene) -> None:
    """Ada has left, and time has gone by."""
    phone(scene)
    if scene.program.access_token:
        scene.program.post("/auth/logout")
        scene.program.access_token = ""
    else:
        scene.browser.sign_out()
    scene.clock.forward(minutes=14)


def sign_out_everywhere(scene: Scene) -> None:
    """Ada was signed out everywhere, so every device is a stranger again."""
    sign_out(scene)
    scene.run("devices", "end", ADA)


def sign_in_again(name: str, prepare: Preparation) -> UseCase:
    """Return a sign-in with the cookie, or the `device`, of the one before."""
    return UseCase(
        f"sign in: {name}",
        covers="POST /auth/token",
        ends="done",
        page=lambda scene: scene.browser.sign_in(ADA, remember="y"),
        program=lambda scene: scene.program.sign_in(ADA),
        signed_in=True,
        prepare=prepare,
    )


OTHERS, ALL = "/me/devices/end-others", "/auth/logout-all"

CASES = [
    UseCase(
        "devices: a second one",
        covers="GET /me/devices",
        ends="done",
        page=lambda scene: scene.browser.get(DEVICES),
        program=lambda scene: scene.program.get("/me/devices"),
        signed_in=True,
        prepare=phone,
        seen_on_page=lambda answer: [one for one in listed(answer) if "This device" not in one[0]],
        seen_by_program=told,
    ),
    end("one's own", "done", phone),
    end("somebody else's", "not found", graces),
    end("that is not there", "not found", nowhere),
    end("that is over", "not found", ended),
    end("without fresh proof", "prove presence", later),
    end_many("end all others", "end-others", OTHERS, "done", phone),
    end_many("end all others", "end-others", OTHERS, "prove presence", later),
    end_many("end all", "end-all", ALL, "done", phone),
    end_many("end all", "end-all", ALL, "prove presence", later),
    disown("by the link in the mail", "done", mailed),
    disown("when it is over", "done", mailed_and_over),
    disown("by a link that is none", "used up", unknown),
    sign_in_again("from a device that is known", sign_out),
    sign_in_again("from a device that was ended", sign_out_everywhere),
    UseCase(
        "sign in: from a device that is new",
        covers="POST /auth/token",
        ends="done",
        page=lambda scene: scene.browser.sign_in(ADA, remember="y"),
        program=lambda scene: scene.program.sign_in(ADA),
        prepare=later,
    ),
]
