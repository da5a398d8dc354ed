"""What programs send about accounts, by the rules of the forms."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length

from app.accounts.email import LONGEST_ADDRESS, EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME
from app.accounts.name import MISSING, NOT_ONE_LINE, is_one_line
from app.accounts.policy import LONGEST_PASSWORD
from app.api.schemas import LONGEST_TOKEN, DeviceSchema


class EmailAddress(fields.String):
    """An e-mail address in its one spelling."""

    default_error_messages = {"required": "Your e-mail address is missing."}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        described = {"format": "email", **options.pop("metadata", {})}
        super().__init__(validate=Length(3, LONGEST_ADDRESS), metadata=described, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        try:
            return normalize_email(super()._deserialize(value, attr, data, **options))
        except EmailRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class Name(fields.String):
    """What to call somebody, or something of theirs: one line, without blanks around it."""

    def __init__(self, *, missing: str = MISSING, **options: Any) -> None:
        too_long = f"Use at most {LONGEST_NAME} characters."
        options.setdefault("error_messages", {"required": missing})
        super().__init__(validate=[Length(1, LONGEST_NAME, error=too_long), one_line], **options)
        self.missing = missing

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **options).strip()
        if not name:
            raise ValidationError(self.missing)
        return name


def one_line(text: str) -> None:
    """Refuse line breaks and the like."""
    if not is_one_line(text):
        raise ValidationError(NOT_ONE_LINE)


class Password(fields.String):
    """A password as it was typed."""

    missing = "Your password is missing."

    def __init__(self, **options: Any) -> None:
        described = {"format": "password", **options.pop("metadata", {})}
        bounds = [
            Length(min=1, error=self.missing),
            Length(max=LONGEST_PASSWORD, error=f"Use at most {LONGEST_PASSWORD} characters."),
        ]
        options.setdefault("error_messages", {"required": self.missing})
        super().__init__(validate=bounds, metadata=described, **options)


class NewPassword(Password):
    """A password that is chosen; whether it is good enough, the policy says."""

    missing = "Choose a password."


class LinkSchema(Schema):
    """A mailed link: its secret comes in the body, since addresses stand in logs."""

    token = fields.String(
        required=True,
        validate=Length(1, LONGEST_TOKEN),
        metadata={"description": "The last part of the mailed address."},
    )


class RegistrationSchema(Schema):
    """The three things an account needs."""

    name = Name(required=True)
    email = EmailAddress(required=True)
    password = NewPassword(required=True)


class ConfirmationSchema(LinkSchema, DeviceSchema):
    """A mailed link, and the password that was chosen with the registration."""

    password = Password(required=True)


class AskedSchema(Schema):
    """What was asked for is on its way, or it is not; that is said in an inbox alone."""

    detail = fields.String(required=True)
