"""What people write."""

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField, TextAreaField, ValidationError
from wtforms.validators import Length

from app.accounts.forms import no_control_characters
from app.notes.models import LONGEST_TEXT, LONGEST_TITLE


class DraftForm(FlaskForm):  # type: ignore[misc]
    """A note on its way: it may be short of a title, but not longer than a note."""

    title = StringField(
        "Title",
        [
            Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} characters."),
            no_control_characters,
        ],
        filters=[lambda title: (title or "").strip()],
    )
    text = TextAreaField(
        "Text",
        [Length(max=LONGEST_TEXT, message=f"Use at most {LONGEST_TEXT} characters.")],
        # Browsers send line ends as two characters, which would grow at each change.
        filters=[lambda text: (text or "").replace("\r\n", "\n").replace("\x00", "")],
    )
    submit = SubmitField("Save")
    keep = SubmitField("Keep as a draft")


class NoteForm(DraftForm):
    """A note."""

    def validate_title(self, field: StringField) -> None:
        """Ask for a title: the list shows nothing else."""
        if not field.data:
            raise ValidationError("Give the note a title.")
