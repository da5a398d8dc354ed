"""What programs send and are told about authenticators."""

from marshmallow import Schema, fields

from app.api.accounts_schemas import Name
from app.second_factor.api_schemas import CodeSchema
from app.totp.forms import NAME_MISSING


class EnrolmentSchema(Schema):
    """What app and house are going to share."""

    secret = fields.String(required=True, metadata={"description": "Base32, to be typed."})
    address = fields.String(
        required=True, metadata={"description": "The same, for a QR code.", "format": "uri"}
    )


class ConfirmSchema(CodeSchema):
    """A code of the new authenticator, and what to call it."""

    name = Name(missing=NAME_MISSING, required=True)


class AuthenticatorSchema(Schema):
    """An authenticator; its secret is never shown again."""

    id = fields.UUID(required=True, attribute="public_id")
    name = fields.String(required=True)
    added_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class AuthenticatorListSchema(Schema):
    """All of them, the oldest first; there are ten at most."""

    items = fields.List(fields.Nested(AuthenticatorSchema), required=True)
