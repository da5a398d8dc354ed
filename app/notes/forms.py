"""What people write."""

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.accounts.forms import no_control_characters
from app.notes.models import LONGEST_TEXT, LONGEST_TITLE

TITLE_MISSING = "Give the note a title."
TITLE_TOO_LONG = f"Use at most {LONGEST_TITLE} characters."
TEXT_TOO_LONG = f"Use at most {LONGEST_TEXT} characters."


def one_line_end(text: str) -> str:
    """Return a text with line ends of one character; those of two would grow at each change."""
    return text.replace("\r\n", "\n")


class DraftForm(FlaskForm):  # type: ignore[misc]
    """A note on its way: it may be short of a title, but not longer than a note."""

    title = StringField(
        "Title",
        [
            Length(max=LONGEST_TITLE, message=TITLE_TOO_LONG),
            no_control_characters,
        ],
        filters=[lambda title: (title or "").strip()],
    )
    text = TextAreaField(
        "Text",
        [Length(max=LONGEST_TEXT, message=TEXT_TOO_LONG)],
        filters=[lambda text: one_line_end(text or "").replace("\x00", "")],
    )
    submit = SubmitField("Save")
    keep = SubmitField("Keep as a draft")


class NoteForm(DraftForm):
    """A note."""

    def validate_title(self, field: StringField) -> None:
        """Ask for a title: the list shows nothing else."""
        if not field.data:
            raise ValidationError(TITLE_MISSING)
