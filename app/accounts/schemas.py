# file of feature: api
"""What programs send about accounts, by the rules of the forms."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields
from marshmallow.validate import Length

from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME
from app.accounts.policy import LONGEST_PASSWORD

LONGEST_EMAIL = 320


class EmailAddress(fields.String):
    """An e-mail address in its one spelling."""

    def __init__(self, **options: Any) -> None:
        described = {"format": "email", **options.pop("metadata", {})}
        super().__init__(validate=Length(3, LONGEST_EMAIL), metadata=described, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        try:
            return normalize_email(super()._deserialize(value, attr, data, **options))
        except EmailRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class Name(fields.String):
    """What to call somebody: one line, without blanks around it."""

    def __init__(self, **options: Any) -> None:
        too_long = f"Use at most {LONGEST_NAME} characters."
        super().__init__(validate=[Length(1, LONGEST_NAME, error=too_long), _one_line], **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **options).strip()
        if not name:
            raise ValidationError("Say what we may call you.")
        return name


def _one_line(name: str) -> None:
    """Refuse line breaks and the like: they forge lines in mails and logs."""
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in name):
        raise ValidationError("Use letters, marks and blanks only.")


class Password(fields.String):
    """A password as it was typed; whether a new one is good enough, the policy says."""

    def __init__(self, **options: Any) -> None:
        described = {"format": "password", **options.pop("metadata", {})}
        super().__init__(validate=Length(1, LONGEST_PASSWORD), metadata=described, **options)
