"""The form for a code."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, SubmitField
from wtforms.validators import DataRequired, Length

LONGEST_CODE = 64


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A code of any kind."""

    code = StringField(
        "Code",
        [DataRequired("Type the code."), Length(max=LONGEST_CODE, message="No code is so long.")],
    )
    trust = BooleanField("Do not ask again in this browser")
    submit = SubmitField("Go on")
