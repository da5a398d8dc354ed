# file of feature: api
"""Example things, kept on both faces."""

import re

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.core.principal import Principal
from app.example_things import service
from app.example_things.models import LONGEST_TITLE
from tests.house.parity import ADA, GRACE, NOWHERE, Scene, both, form, items, texts, visit

LIST, NEW = "/example-things", "/example-things/new"
ONE = f"{LIST}/{{id}}"


def add(scene: Scene, *titles: str, owner: str = ADA) -> None:
    """Let somebody have some; the last is the one to be found."""
    with scene.saving():
        principal = Principal(get_user(owner).id)
        for title in titles:
            scene.found["id"] = service.create(principal, title=title).public_id


def one(scene: Scene) -> None:
    """Ada has one."""
    add(scene, "First")


def graces(scene: Scene) -> None:
    """Grace has one, and Ada knows its address."""
    scene.account(GRACE)
    add(scene, "First", owner=GRACE)


def three(scene: Scene) -> None:
    """Ada has two, and Grace has one."""
    graces(scene)
    add(scene, "First", "Second")


def typed(answer: TestResponse) -> str:
    """Return what stands in the form."""
    title = re.search(r'id="title"[^>]*value="([^"]*)"', answer.text)
    assert title, "the page has no form"
    return title[1]


send = both("new example thing", f"POST {LIST}", page=form(NEW))
read = both(
    "read an example thing",
    f"GET {ONE}",
    page=visit(ONE),
    prepare=one,
    seen=(typed, lambda answer: answer.json["title"]),
)
change = both(
    "change an example thing", f"PUT {ONE}", page=form(ONE, NEW), prepare=one, title="Other"
)
delete = both(
    "delete an example thing", f"DELETE {ONE}", page=form(f"{ONE}/delete", NEW), prepare=one
)

CASES = [
    both(
        "list the example things of one of two people",
        f"GET {LIST}",
        page=visit(LIST),
        prepare=three,
        seen=(texts(rf'href="{LIST}/[0-9a-f-]{{36}}">([^<]*)</a>'), items("title")),
    ),
    send("with a title", title=" First "),
    send("without a title", "refused: title", title=" "),
    send("with two lines in the title", "refused: title", title="First\nand"),
    send("with a title too long", "refused: title", title="t" * (LONGEST_TITLE + 1)),
    read("one's own"),
    read("somebody else's", "not found", graces),
    read("that is not there", "not found", id=NOWHERE),
    change("one's own"),
    change("without a title", "refused: title", title=""),
    change("somebody else's", "not found", graces),
    delete("one's own"),
    delete("somebody else's", "not found", graces),
]
