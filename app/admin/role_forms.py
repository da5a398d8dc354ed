"""What is typed and ticked about roles."""

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, SubmitField
from wtforms.validators import DataRequired, Length

from app.core.registry import UnknownPermission, registry
from app.roles.models import LONGEST_NAME
from app.roles.service import RoleExists, RoleNameRefused

NAME_REFUSED = "Use small letters, digits and hyphens, beginning with a letter."
NAME_TAKEN = "There is a role of this name."
NAME_TOO_LONG = f"Use at most {LONGEST_NAME} characters."
NOT_DECLARED = "One of these is no permission here."
# What can be wrong with a role that is written.
REFUSED = (RoleNameRefused, RoleExists, UnknownPermission)


class PermissionsForm(FlaskForm):  # type: ignore[misc]
    """A tick for each permission that a feature declares."""

    permissions = SelectMultipleField("What it allows", validate_choice=False)
    submit = SubmitField("Save")

    def chosen(self) -> tuple[str, ...]:
        """Return what is ticked."""
        return tuple(self.permissions.data or ())

    def refuse(self, _: Exception) -> None:
        """Say beside the ticks what is wrong with them."""
        self.permissions.errors = [NOT_DECLARED]

    def declared(self) -> dict[str, str]:
        """Return every permission with what it allows."""
        return registry().permissions


class RoleForm(PermissionsForm):
    """A new role."""

    name = StringField(
        "Name",
        [DataRequired("The role needs a name."), Length(max=LONGEST_NAME, message=NAME_TOO_LONG)],
        filters=[lambda text: text.strip() if text else text],
    )
    submit = SubmitField("Make the role")

    def refuse(self, refusal: Exception) -> None:
        """Say beside the name or the ticks what is wrong with it."""
        of_name = {RoleNameRefused: NAME_REFUSED, RoleExists: NAME_TAKEN}
        if (sentence := of_name.get(type(refusal))) is None:
            super().refuse(refusal)
        else:
            self.name.errors = [sentence]
