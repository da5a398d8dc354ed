"""What people change about themselves."""

from flask_wtf import FlaskForm
from wtforms import SubmitField
from wtforms.validators import DataRequired

from app.accounts.forms import EmailField, NameForm


class ChangeNameForm(NameForm):
    """The name, by the rules of registration."""

    submit = SubmitField("Save")


class ChangeEmailForm(FlaskForm):  # type: ignore[misc]
    """The address to move to."""

    email = EmailField("New e-mail address", [DataRequired("The new address is missing.")])
    submit = SubmitField("Send the link")
