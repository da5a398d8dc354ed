# file of feature: api
"""Example things, kept on both faces."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.core.principal import Principal
from app.example_things import service
from app.example_things.models import LONGEST_TITLE
from app.extensions import db
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing

LIST, NEW = "/example-things", "/example-things/new"
ONE = f"{LIST}/<uuid:public_id>"
Preparation = Callable[[Scene], object]


def add(scene: Scene, *titles: str, owner: str = ADA) -> None:
    """Let somebody have some; the last is the one to be found."""
    with scene.app.app_context():
        principal = Principal(get_user(owner).id)
        for title in titles:
            scene.found["id"] = service.create(principal, title=title).public_id
        db.session.commit()


def one(scene: Scene) -> None:
    """Ada has one."""
    add(scene, "First")


def graces(scene: Scene) -> None:
    """Grace has one, and Ada knows its address."""
    scene.account(GRACE)
    add(scene, "First", owner=GRACE)


def both(scene: Scene) -> None:
    """Ada has two, and Grace has one."""
    graces(scene)
    add(scene, "First", "Second")


def nowhere(scene: Scene) -> None:
    """There is none of this address."""
    scene.found["id"] = UUID(int=1)


def titles(answer: TestResponse) -> list[str]:
    """Return the titles of a page of the list."""
    return re.findall(rf'href="{LIST}/[0-9a-f-]{{36}}">([^<]*)</a>', answer.text)


def typed(answer: TestResponse) -> str:
    """Return what stands in the form."""
    title = re.search(r'id="title"[^>]*value="([^"]*)"', answer.text)
    assert title, "the page has no form"
    return title[1]


def send(name: str, ends: str, title: str) -> UseCase:
    """Return the adding of one."""
    return UseCase(
        f"new example thing: {name}",
        covers=f"POST {LIST}",
        ends=ends,
        page=lambda scene: scene.browser.submit(NEW, title=title),
        program=lambda scene: scene.program.post(LIST, {"title": title}),
        signed_in=True,
    )


def read(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the reading of one."""
    found = ends == "done"
    return UseCase(
        f"read an example thing: {name}",
        covers=f"GET {ONE}",
        ends=ends,
        page=lambda scene: scene.browser.get(f"{LIST}/{scene.found['id']}"),
        program=lambda scene: scene.program.get(f"{LIST}/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=typed if found else nothing,
        seen_by_program=(lambda answer: answer.json["title"]) if found else nothing,
    )


def change(name: str, ends: str, title: str = "Other", prepare: Preparation = one) -> UseCase:
    """Return the change of one."""
    fields: dict[str, Any] = {"title": title}
    return UseCase(
        f"change an example thing: {name}",
        covers=f"PUT {ONE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{LIST}/{scene.found['id']}", NEW, **fields),
        program=lambda scene: scene.program.call("PUT", f"{LIST}/{scene.found['id']}", fields),
        signed_in=True,
        prepare=prepare,
    )


def delete(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the deletion of one."""
    return UseCase(
        f"delete an example thing: {name}",
        covers=f"DELETE {ONE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"{LIST}/{scene.found['id']}/delete", NEW),
        program=lambda scene: scene.program.call("DELETE", f"{LIST}/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
    )


CASES = [
    UseCase(
        "list the example things of one of two people",
        covers=f"GET {LIST}",
        ends="done",
        page=lambda scene: scene.browser.get(LIST),
        program=lambda scene: scene.program.get(LIST),
        signed_in=True,
        prepare=both,
        seen_on_page=titles,
        seen_by_program=lambda answer: [row["title"] for row in answer.json["items"]],
    ),
    send("with a title", "done", " First "),
    send("without a title", "refused: title", " "),
    send("with two lines in the title", "refused: title", "First\nand"),
    send("with a title too long", "refused: title", "t" * (LONGEST_TITLE + 1)),
    read("one's own", "done", one),
    read("somebody else's", "not found", graces),
    read("that is not there", "not found", nowhere),
    change("one's own", "done"),
    change("without a title", "refused: title", ""),
    change("somebody else's", "not found", prepare=graces),
    delete("one's own", "done", one),
    delete("somebody else's", "not found", graces),
]
