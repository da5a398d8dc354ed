"""What programs send and get of notes, by the rules of the form."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length

from app.api.accounts_schemas import one_line
from app.api.pages import PageQuerySchema, page_of
from app.notes.forms import TEXT_TOO_LONG, TITLE_MISSING, TITLE_TOO_LONG, one_line_end
from app.notes.models import LONGEST_TEXT, LONGEST_TITLE
from app.notes.service import LONGEST_SEARCH

Rules = list[Callable[[Any], Any]]

TITLE_BOUNDS: Rules = [Length(max=LONGEST_TITLE, error=TITLE_TOO_LONG), one_line]
TEXT_BOUNDS: Rules = [Length(max=LONGEST_TEXT, error=TEXT_TOO_LONG)]


class DraftTitle(fields.String):
    """A title, or none yet, without blanks around it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        return str(super()._deserialize(value, attr, data, **options)).strip()


class Title(DraftTitle):
    """A title: the list of the page shows nothing else."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        title = super()._deserialize(value, attr, data, **options)
        if not title:
            raise ValidationError(TITLE_MISSING)
        return title


class Text(fields.String):
    """A text, with line ends as the form keeps them."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        return one_line_end(super()._deserialize(value, attr, data, **options))


class DraftSchema(Schema):
    """A note on its way: it may be short of a title, but not longer than a note."""

    title = DraftTitle(required=True, validate=TITLE_BOUNDS)
    text = Text(required=True, validate=TEXT_BOUNDS)


class WritingSchema(DraftSchema):
    """What is written into a note: all of it, each time."""

    title = Title(required=True, validate=TITLE_BOUNDS, metadata={"minLength": 1})


class NoteLineSchema(Schema):
    """A note in the list, without its text."""

    id = fields.UUID(required=True, attribute="public_id")
    title = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    changed_at = fields.AwareDateTime(required=True)


class NoteSchema(NoteLineSchema):
    """A note. Whose it is need not be said: nobody gets another's."""

    text = fields.String(required=True)


NotePageSchema = page_of(NoteLineSchema, "NotePageSchema")


class NotesQuerySchema(PageQuerySchema):
    """Which notes: words that must all stand in them, and which page."""

    search = fields.String(load_default="", validate=Length(max=LONGEST_SEARCH))
