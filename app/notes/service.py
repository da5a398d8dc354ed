"""The use cases of notes. Each finds only what belongs to the principal."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    func,
    or_,
    select,
    tuple_,
)

from app.core.principal import Principal
from app.extensions import db
from app.login import session_data
from app.notes.models import Note

NOTES_PER_PAGE = 20
LONGEST_SEARCH = 100
MOST_WORDS = 8  # each is a scan over the person's notes
DRAFT = "notes.draft"


class NoSuchNote(Exception):
    """There is no such note, or it is somebody else's: the two are never told apart."""


class NoDraft(Exception):
    """Nothing is kept with this sign-in."""


@dataclass(frozen=True)
class Page:
    """Some of a person's notes.

    Args:
        notes: the last changed first.
        number: which page this is, from 1.
        last: the number of the last page.
        total: how many notes were found.
    """

    notes: list[Note]
    number: int
    last: int
    total: int


def list_notes(principal: Principal, *, search: str = "", page: int = 1) -> Page:
    """Return a page of the principal's notes; a page past the end is the last.

    Args:
        principal: whose notes.
        search: words that must all stand in the title or the text.
        page: from 1.
    """
    found = (Note.user_id == principal.user_id, *_matches(search))
    total = db.session.scalar(select(func.count()).select_from(Note).where(*found)) or 0
    last = max(1, -(-total // NOTES_PER_PAGE))
    number = min(max(page, 1), last)
    notes = db.session.scalars(
        select(Note)
        .where(*found)
        .order_by(Note.changed_at.desc(), Note.id.desc())
        .limit(NOTES_PER_PAGE)
        .offset((number - 1) * NOTES_PER_PAGE)
    )
    return Page(list(notes), number, last, total)


def notes_after(
    principal: Principal, after: tuple[datetime, int] | None, limit: int, *, search: str = ""
) -> list[Note]:
    """Return the principal's notes behind a place in the list, the last changed first.

    Args:
        principal: whose notes.
        after: when the note was changed after which to go on, and its row; None begins.
        limit: how many at most.
        search: words that must all stand in the title or the text.
    """
    order = tuple_(Note.changed_at, Note.id)
    notes = select(Note).where(Note.user_id == principal.user_id, *_matches(search))
    if after is not None:
        notes = notes.where(order < after)
    in_order = notes.order_by(*(column.desc() for column in order)).limit(limit)
    return list(db.session.scalars(in_order))


def get_note(principal: Principal, public_id: UUID) -> Note:
    """Return one of the principal's notes.

    Raises:
        NoSuchNote: none of theirs has this id (ASVS 5.0.0, 8.2.2).
    """
    # The owner stands in the query itself: a check that comes after it can be forgotten.
    owned = select(Note).where(Note.public_id == public_id, Note.user_id == principal.user_id)
    note = db.session.scalars(owned).one_or_none()
    if note is None:
        raise NoSuchNote
    return note


def create_note(principal: Principal, *, title: str, text: str) -> Note:
    """Write a note; the draft it was made from is done with."""
    note = Note(user_id=principal.user_id, title=title, text=text)
    db.session.add(note)
    db.session.flush()
    drop_draft(principal)
    return note


def change_note(principal: Principal, public_id: UUID, *, title: str, text: str) -> Note:
    """Write a note anew.

    Raises:
        NoSuchNote: it is not there, or not theirs.
    """
    note = get_note(principal, public_id)
    note.title, note.text = title, text
    db.session.flush()
    return note


def delete_note(principal: Principal, public_id: UUID) -> None:
    """Remove a note.

    Raises:
        NoSuchNote: it is not there, or not theirs.
    """
    db.session.delete(get_note(principal, public_id))
    db.session.flush()


def keep_draft(principal: Principal, *, title: str, text: str) -> None:
    """Keep an unsaved note with the sign-in; one more takes its place."""
    session_data.write(principal, DRAFT, {"title": title, "text": text})


def find_draft(principal: Principal) -> dict[str, str] | None:
    """Return the unsaved note, as title and text."""
    draft: dict[str, str] | None = session_data.read(principal, DRAFT)
    return draft


def get_draft(principal: Principal) -> dict[str, str]:
    """Return the unsaved note, as title and text.

    Raises:
        NoDraft: there is none.
    """
    draft = find_draft(principal)
    if draft is None:
        raise NoDraft
    return draft


def drop_draft(principal: Principal) -> None:
    """Throw the unsaved note away."""
    session_data.drop(principal, DRAFT)


def export(user_id: int) -> list[dict[str, Any]]:
    """Return all notes of a person, the oldest first."""
    notes = db.session.scalars(select(Note).where(Note.user_id == user_id).order_by(Note.id))
    return [
        {
            "title": note.title,
            "text": note.text,
            "created_at": note.created_at.isoformat(),
            "changed_at": note.changed_at.isoformat(),
        }
        for note in notes
    ]


def _matches(search: str) -> list[ColumnElement[bool]]:
    """Return a condition for each word; % and _ in a word stand for themselves."""
    # PostgreSQL takes no NUL in a text, not even in a question.
    words = search.replace("\x00", " ").split()[:MOST_WORDS]
    return [
        or_(Note.title.icontains(word, autoescape=True), Note.text.icontains(word, autoescape=True))
        for word in words
    ]
