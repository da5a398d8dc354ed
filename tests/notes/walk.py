"""What the walk through the house must know of the notes."""

from app.extensions import db
from app.notes.models import Note
from tests.house.planted import HOSTILE
from tests.house.walk import Known, Walk


def write(walk: Walk) -> None:
    """Let the user have a note."""
    browser = walk.browser("user")
    assert browser.submit("/notes/new", title=HOSTILE, text=HOSTILE).status_code == 303


SENT: dict[str, dict[str, str]] = {}
SENT["notes_api.OneNote"] = {"title": "Bread", "text": "Rye"}  # feature: api

KNOWN = Known(
    things={("notes", "public_id"): lambda: db.session.scalar(db.select(Note.public_id))},
    sent=SENT,
    shown={"user": {"notes.index", "notes.change", "notes.ask_to_delete"}},
    prepare=write,
)
