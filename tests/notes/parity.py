# file of feature: api
"""Notes, written and found on both faces."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.core.principal import Principal
from app.extensions import db
from app.notes import service
from app.notes.models import LONGEST_TEXT, LONGEST_TITLE
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing

NOWHERE = UUID(int=1)
NOTE = "/notes/<uuid:public_id>"
Preparation = Callable[[Scene], object]


def write(scene: Scene, *titles: str, owner: str = ADA) -> None:
    """Somebody has written notes, each with the same text; the last is the one to be found."""
    with scene.app.app_context():
        principal = Principal(get_user(owner).id, login_session_id=1)
        for title in titles:
            note = service.create_note(principal, title=title, text="flour and water")
        scene.found["id"] = note.public_id
        db.session.commit()


def bread(scene: Scene) -> None:
    """Ada has a note."""
    write(scene, "Bread")


def two_notes(scene: Scene) -> None:
    """Ada has two notes, and Grace has one with the same words."""
    graces(scene)
    write(scene, "Bread", "Cake")


def graces(scene: Scene) -> None:
    """Grace has a note, and Ada knows its address."""
    scene.account(GRACE)
    write(scene, "Bread", owner=GRACE)


def nowhere(scene: Scene) -> None:
    """There is no such note."""
    scene.found["id"] = NOWHERE


def draft(scene: Scene) -> None:
    """A draft is kept with the sign-in."""
    with scene.app.app_context():
        principal = Principal(get_user(ADA).id, login_session_id=1)
        service.keep_draft(principal, title="Half", text="a thought")
        db.session.commit()


def titles(answer: TestResponse) -> list[str]:
    """Return the titles of a page of the list."""
    return re.findall(r'href="/notes/[0-9a-f-]{36}">([^<]*)</a>', answer.text)


def typed(answer: TestResponse) -> tuple[str, str]:
    """Return what stands in the form."""
    title = re.search(r'id="title"[^>]*value="([^"]*)"', answer.text)
    text = re.search(r"<textarea[^>]*>\n([^<]*)</textarea>", answer.text)
    assert title, "the page has no form"
    assert text, "the page has no form"
    return title[1], text[1]


def content(answer: TestResponse) -> tuple[str, str]:
    """Return what an answer of the API holds of a note."""
    return answer.json["title"], answer.json["text"]


def look(name: str, query: str = "", prepare: Preparation = two_notes) -> UseCase:
    """Return a look at the list."""
    return UseCase(
        f"notes: {name}",
        covers="GET /notes",
        ends="done",
        page=lambda scene: scene.browser.get(f"/notes{query}"),
        program=lambda scene: scene.program.get(f"/notes{query}"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=titles,
        seen_by_program=lambda answer: [note["title"] for note in answer.json["items"]],
    )


def send(
    name: str, ends: str, title: str = "Bread", text: str = "flour", prepare: Preparation = nothing
) -> UseCase:
    """Return the writing of a note."""
    return UseCase(
        f"new note: {name}",
        covers="POST /notes",
        ends=ends,
        page=lambda scene: scene.browser.submit("/notes/new", title=title, text=text),
        program=lambda scene: scene.program.post("/notes", {"title": title, "text": text}),
        signed_in=True,
        prepare=prepare,
    )


def change(name: str, ends: str, title: str = "Cake", prepare: Preparation = bread) -> UseCase:
    """Return the change of a note."""
    fields: dict[str, Any] = {"title": title, "text": "sugar"}
    return UseCase(
        f"change a note: {name}",
        covers=f"PUT {NOTE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(
            f"/notes/{scene.found['id']}", "/notes/new", **fields
        ),
        program=lambda scene: scene.program.call("PUT", f"/notes/{scene.found['id']}", fields),
        signed_in=True,
        prepare=prepare,
    )


def read(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the reading of a note."""
    found = ends == "done"
    return UseCase(
        f"read a note: {name}",
        covers=f"GET {NOTE}",
        ends=ends,
        page=lambda scene: scene.browser.get(f"/notes/{scene.found['id']}"),
        program=lambda scene: scene.program.get(f"/notes/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
        seen_on_page=typed if found else nothing,
        seen_by_program=content if found else nothing,
    )


def delete(name: str, ends: str, prepare: Preparation) -> UseCase:
    """Return the deletion of a note."""
    return UseCase(
        f"delete a note: {name}",
        covers=f"DELETE {NOTE}",
        ends=ends,
        page=lambda scene: scene.browser.submit(f"/notes/{scene.found['id']}/delete", "/notes/new"),
        program=lambda scene: scene.program.call("DELETE", f"/notes/{scene.found['id']}"),
        signed_in=True,
        prepare=prepare,
    )


def keep(name: str, ends: str, title: str = "", prepare: Preparation = nothing) -> UseCase:
    """Return the keeping of a draft."""
    fields = {"title": title, "text": "a thought"}
    return UseCase(
        f"keep a draft: {name}",
        covers="PUT /notes/draft",
        ends=ends,
        page=lambda scene: scene.browser.submit("/notes/draft", "/notes/new", **fields),
        program=lambda scene: scene.program.call("PUT", "/notes/draft", fields),
        signed_in=True,
        prepare=prepare,
    )


CASES = [
    look("of two people"),
    look("with a search that finds one", "?search=WATER+bread"),
    look("with a search that finds none", "?search=yeast"),
    look("with a search for a sign of the database", "?search=%25"),
    send("with a title", "done"),
    send("with blanks around the title", "done", "  Bread "),
    send("with the line ends of Windows", "done", text="flour\r\nwater"),
    send("made from a draft", "done", prepare=draft),
    send("without a title", "refused: title", " "),
    send("with two lines in the title", "refused: title", "Bread\nand"),
    send("with a title too long", "refused: title", "t" * (LONGEST_TITLE + 1)),
    send("with a text too long", "refused: text", text="x" * (LONGEST_TEXT + 1)),
    send("with both too long", "refused: text, title", "t" * 121, "x" * 10_001),
    send("with all that may be", "done", "t" * LONGEST_TITLE, "x\r\n" * (LONGEST_TEXT // 2)),
    read("one's own", "done", bread),
    read("somebody else's", "not found", graces),
    read("that is not there", "not found", nowhere),
    change("one's own", "done"),
    change("without a title", "refused: title", ""),
    change("somebody else's", "not found", prepare=graces),
    change("that is not there", "not found", prepare=nowhere),
    delete("one's own", "done", bread),
    delete("somebody else's", "not found", graces),
    delete("that is not there", "not found", nowhere),
    keep("without a title", "done"),
    keep("over another", "done", "Whole", draft),
    keep("with a title too long", "refused: title", "t" * 121),
    UseCase(
        "read a draft",
        covers="GET /notes/draft",
        ends="done",
        page=lambda scene: scene.browser.get("/notes/new"),
        program=lambda scene: scene.program.get("/notes/draft"),
        signed_in=True,
        prepare=draft,
        seen_on_page=typed,
        seen_by_program=content,
    ),
    UseCase(
        "throw a draft away",
        covers="DELETE /notes/draft",
        ends="done",
        page=lambda scene: scene.browser.submit("/notes/draft/drop", "/notes/new"),
        program=lambda scene: scene.program.call("DELETE", "/notes/draft"),
        signed_in=True,
        prepare=draft,
    ),
]
