# file of feature: api
"""Notes, written and found on both faces."""

import re

from werkzeug.test import TestResponse

from app.accounts.service import get_user
from app.core.principal import Principal
from app.notes import service
from app.notes.models import LONGEST_TEXT, LONGEST_TITLE
from tests.house.parity import ADA, GRACE, NOWHERE, Scene, both, form, items, texts, visit

NOTE, NEW = "/notes/{id}", "/notes/new"


def write(scene: Scene, *titles: str, owner: str = ADA) -> None:
    """Somebody has written notes, each with the same text; the last is the one to be found."""
    with scene.saving():
        principal = Principal(get_user(owner).id, login_session_id=1)
        for title in titles:
            note = service.create_note(principal, title=title, text="flour and water")
        scene.found["id"] = note.public_id


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


def draft(scene: Scene) -> None:
    """A draft is kept with the sign-in."""
    with scene.saving():
        principal = Principal(get_user(ADA).id, login_session_id=1)
        service.keep_draft(principal, title="Half", text="a thought")


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


look = both(
    "notes",
    "GET /notes",
    page=visit("/notes"),
    prepare=two_notes,
    seen=(texts(r'href="/notes/[0-9a-f-]{36}">([^<]*)</a>'), items("title")),
)
send = both("new note", "POST /notes", page=form(NEW), title="Bread", text="flour")
change = both(
    "change a note", f"PUT {NOTE}", page=form(NOTE, NEW), prepare=bread, title="Cake", text="sugar"
)
read = both("read a note", f"GET {NOTE}", page=visit(NOTE), seen=(typed, content))
delete = both("delete a note", f"DELETE {NOTE}", page=form(f"{NOTE}/delete", NEW))
keep = both(
    "keep a draft", "PUT /notes/draft", page=form("/notes/draft", NEW), title="", text="a thought"
)

CASES = [
    look("of two people"),
    look("with a search that finds one", search="WATER bread"),
    look("with a search that finds none", search="yeast"),
    look("with a search for a sign of the database", search="%"),
    send("with a title"),
    send("with blanks around the title", title="  Bread "),
    send("with the line ends of Windows", text="flour\r\nwater"),
    send("made from a draft", prepare=draft),
    send("without a title", "refused: title", title=" "),
    send("with two lines in the title", "refused: title", title="Bread\nand"),
    send("with a title too long", "refused: title", title="t" * (LONGEST_TITLE + 1)),
    send("with a text too long", "refused: text", text="x" * (LONGEST_TEXT + 1)),
    send("with both too long", "refused: text, title", title="t" * 121, text="x" * 10_001),
    send("with all that may be", title="t" * LONGEST_TITLE, text="x\r\n" * (LONGEST_TEXT // 2)),
    read("one's own", "done", bread),
    read("somebody else's", "not found", graces),
    read("that is not there", "not found", id=NOWHERE),
    change("one's own"),
    change("without a title", "refused: title", title=""),
    change("somebody else's", "not found", graces),
    change("that is not there", "not found", id=NOWHERE),
    delete("one's own", "done", bread),
    delete("somebody else's", "not found", graces),
    delete("that is not there", "not found", id=NOWHERE),
    keep("without a title"),
    keep("over another", "done", draft, title="Whole"),
    keep("with a title too long", "refused: title", title="t" * 121),
    both("read a draft", "GET /notes/draft", page=visit(NEW), prepare=draft, seen=(typed, content)),
    both(
        "throw a draft away",
        "DELETE /notes/draft",
        page=form("/notes/draft/drop", NEW),
        prepare=draft,
    ),
]
