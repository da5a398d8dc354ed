"""What people type to come in."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, SubmitField
from wtforms.validators import DataRequired

from app.accounts.forms import EmailField


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Address and password."""

    email = EmailField("E-mail address", [DataRequired("Your e-mail address is missing.")])
    password = PasswordField("Password", [DataRequired("Your password is missing.")])
    remember = BooleanField("Stay signed in on this device for 30 days")
    next = HiddenField()
    submit = SubmitField("Sign in")


class ReauthenticationForm(FlaskForm):  # type: ignore[misc]
    """The password again."""

    password = PasswordField("Your password", [DataRequired("Your password is missing.")])
    next = HiddenField()
    submit = SubmitField("Continue")
