"""What people type to get another password."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, SubmitField
from wtforms.validators import DataRequired

from app.accounts.forms import EmailField, NewPasswordForm


class ForgotForm(FlaskForm):  # type: ignore[misc]
    """The address of an account, perhaps."""

    email = EmailField("E-mail address", [DataRequired("Your e-mail address is missing.")])
    submit = SubmitField("Send me a link")


class ResetForm(NewPasswordForm):
    """The new password alone: the link has proved the rest."""

    submit = SubmitField("Save the new password")


class ChangeForm(NewPasswordForm):
    """The current password and the new one."""

    current = PasswordField("Current password", [DataRequired("Your current password is missing.")])
    submit = SubmitField("Save the new password")
