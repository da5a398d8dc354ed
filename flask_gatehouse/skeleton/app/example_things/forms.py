"""What people type."""

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField, ValidationError
from wtforms.validators import Length

from app.accounts.forms import no_control_characters
from app.example_things.models import LONGEST_TITLE

TITLE_MISSING = "Give it a title."
TITLE_TOO_LONG = f"Use at most {LONGEST_TITLE} characters."


class ExampleThingForm(FlaskForm):  # type: ignore[misc]
    """One example thing."""

    title = StringField(
        "Title",
        [Length(max=LONGEST_TITLE, message=TITLE_TOO_LONG), no_control_characters],
        filters=[lambda title: (title or "").strip()],
    )
    submit = SubmitField("Save")

    def validate_title(self, field: StringField) -> None:
        """Ask for a title: the list shows nothing else."""
        if not field.data:
            raise ValidationError(TITLE_MISSING)
