"""What people type about codes that are sent."""

from flask_wtf import FlaskForm
from wtforms import StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.accounts.forms import EmailField
from app.second_factor.forms import LONGEST_CODE

LONGEST_NUMBER = 30


class AddressForm(FlaskForm):  # type: ignore[misc]
    """The address that a code is mailed to."""

    email = EmailField("E-mail address", [DataRequired("Your e-mail address is missing.")])
    submit = SubmitField("Mail me a code")


class PhoneForm(FlaskForm):  # type: ignore[misc]
    """The number that codes shall go to."""

    number = StringField(
        "Phone number",
        [
            DataRequired("Type the number."),
            Length(max=LONGEST_NUMBER, message="No number is so long."),
        ],
    )
    submit = SubmitField("Send a code to it")


class SentCodeForm(FlaskForm):  # type: ignore[misc]
    """The code that has arrived."""

    code = StringField(
        "Code",
        [DataRequired("Type the code."), Length(max=LONGEST_CODE, message="No code is so long.")],
    )
    submit = SubmitField("Go on")
