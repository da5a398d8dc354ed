"""What people type, and the sentences that say what to mend."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField, SubmitField, ValidationError
from wtforms.validators import DataRequired, Length

from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME
from app.accounts.name import MISSING, NOT_ONE_LINE, is_one_line
from app.accounts.policy import LONGEST_PASSWORD, PasswordRefused, suggest_password
from app.accounts.service import check_new_password


class EmailField(StringField):  # type: ignore[misc]
    """An e-mail address in its one spelling; what was typed is kept for the form."""

    normalized = ""

    def pre_validate(self, form: FlaskForm) -> None:
        """Normalise, or say what an address looks like."""
        try:
            self.normalized = normalize_email(self.data or "")
        except EmailRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


def no_control_characters(_: FlaskForm, field: Any) -> None:
    """Refuse line breaks and the like."""
    if not is_one_line(field.data or ""):
        raise ValidationError(NOT_ONE_LINE)


CHOSEN = DataRequired("Choose a password.")


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A form in which a password is chosen, by oneself or from a suggestion."""

    password = PasswordField("New password", [CHOSEN])
    suggest = SubmitField("Suggest four words")
    suggestion = ""

    def suggests(self) -> bool:
        """Fill in four words if they are asked for, and tell whether they are."""
        if self.suggest.data:
            self.suggestion = self.password.data = suggest_password()
        return bool(self.suggestion)


class NameForm(FlaskForm):  # type: ignore[misc]
    """What to call somebody."""

    name = StringField(
        "Name",
        [
            DataRequired(MISSING),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} characters."),
            no_control_characters,
        ],
        filters=[lambda text: text.strip() if text else text],
    )


class RegistrationForm(NameForm, NewPasswordForm):
    """The three things an account needs."""

    email = EmailField("E-mail address", [DataRequired("Your e-mail address is missing.")])
    password = PasswordField("Password", [CHOSEN])
    submit = SubmitField("Create account")

    def validate_password(self, field: Any) -> None:
        """Hold the password against the policy, with the names that stand beside it."""
        try:
            check_new_password(field.data, name=self.name.data or "", email=self.email.data or "")
        except PasswordRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ConfirmationForm(FlaskForm):  # type: ignore[misc]
    """The password just chosen, to prove that the inbox and the registration are one person's."""

    password = PasswordField(
        "Your password",
        [
            DataRequired("Type the password you chose when you registered."),
            Length(max=LONGEST_PASSWORD, message="That is not the password you chose."),
        ],
    )
    submit = SubmitField("Confirm my address")
