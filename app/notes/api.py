"""The API's face, with classes for views: one for an address, with a method for each of HTTP's."""

from typing import Any
from uuid import UUID

from flask import Flask, url_for
from flask.views import MethodView

from app.api.blueprint import MADE_AT, ApiBlueprint, add_to_api
from app.api.pages import read_page
from app.api.problems import Refusal
from app.core.access import signed_in
from app.core.current import current_principal
from app.extensions import db
from app.notes import service
from app.notes.api_schemas import (
    DraftSchema,
    NotePageSchema,
    NoteSchema,
    NotesQuerySchema,
    WritingSchema,
)
from app.notes.models import Note

NO_SUCH_NOTE = Refusal(
    service.NoSuchNote, 404, "no_such_note", "You have no note under this address."
)
NO_DRAFT = Refusal(service.NoDraft, 404, "no_draft", "No draft is kept with this sign-in.")

blueprint = ApiBlueprint("notes", __name__, "/notes", "Private notes.")
signed_in(blueprint)


@blueprint.route("")
class Notes(MethodView):
    """All notes of whoever asks."""

    @blueprint.arguments(NotesQuerySchema, location="query")
    @blueprint.response(200, NotePageSchema)
    def get(self, sent: dict[str, Any]) -> dict[str, Any]:
        """List your notes, or those a search finds, the last changed first."""
        return read_page(
            "notes",
            sent,
            find=lambda after, limit: service.notes_after(
                current_principal, after, limit, search=sent["search"]
            ),
            key=lambda note: (note.changed_at, note.id),
        )

    @blueprint.arguments(WritingSchema)
    @blueprint.response(201, NoteSchema, headers=MADE_AT)
    def post(self, sent: dict[str, str]) -> tuple[Note, dict[str, str]]:
        """Write a note; the draft it was made from is done with."""
        note = service.create_note(current_principal, **sent)
        db.session.commit()
        return note, {"Location": url_for("notes_api.OneNote", public_id=note.public_id)}


@blueprint.route("/<uuid:public_id>")
class OneNote(MethodView):
    """One note."""

    @blueprint.refuses(NO_SUCH_NOTE)
    @blueprint.response(200, NoteSchema)
    def get(self, public_id: UUID) -> Note:
        """Read a note."""
        return service.get_note(current_principal, public_id)

    @blueprint.refuses(NO_SUCH_NOTE)
    @blueprint.arguments(WritingSchema)
    @blueprint.response(200, NoteSchema)
    def put(self, sent: dict[str, str], public_id: UUID) -> Note:
        """Write a note anew."""
        note = service.change_note(current_principal, public_id, **sent)
        db.session.commit()
        return note

    @blueprint.refuses(NO_SUCH_NOTE)
    @blueprint.response(204)
    def delete(self, public_id: UUID) -> None:
        """Delete a note."""
        service.delete_note(current_principal, public_id)
        db.session.commit()


@blueprint.route("/draft")
class Draft(MethodView):
    """The note that is not finished; it lasts as long as the sign-in."""

    @blueprint.refuses(NO_DRAFT)
    @blueprint.response(200, DraftSchema)
    def get(self) -> dict[str, str]:
        """Read the draft."""
        return service.get_draft(current_principal)

    @blueprint.arguments(DraftSchema)
    @blueprint.response(204)
    def put(self, sent: dict[str, str]) -> None:
        """Keep a draft; it takes the place of the one before."""
        service.keep_draft(current_principal, **sent)
        db.session.commit()

    @blueprint.response(204)
    def delete(self) -> None:
        """Throw the draft away."""
        service.drop_draft(current_principal)
        db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
