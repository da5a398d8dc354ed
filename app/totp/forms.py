"""What people type to add an authenticator."""

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.accounts.forms import no_control_characters
from app.accounts.models import LONGEST_NAME
from app.second_factor.forms import LONGEST_CODE

NAME_MISSING = "Give it a name, such as Phone."


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """A code, which shows that the app works, and a name for the authenticator."""

    code = StringField(
        "Code",
        [
            DataRequired("Type the code that your app shows now."),
            Length(max=LONGEST_CODE, message="No code is so long."),
        ],
    )
    name = StringField(
        "Name",
        [
            DataRequired(NAME_MISSING),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters."),
            no_control_characters,
        ],
        default="Phone",
        filters=[lambda text: text.strip() if text else text],
    )
    submit = SubmitField("Add it")
