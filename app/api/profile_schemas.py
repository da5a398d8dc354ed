"""What programs are told about an account, and what they may change."""

from marshmallow import Schema, fields

from app.api.accounts_schemas import EmailAddress, Name


class MeSchema(Schema):
    """An account, as its owner sees it."""

    id = fields.String(required=True, attribute="public_id")
    name = fields.String(required=True)
    email = fields.String(required=True)


class NameSchema(Schema):
    """The name: the one thing that is changed by saying it."""

    name = Name(required=True)


class NewEmailSchema(Schema):
    """The address to move to."""

    email = EmailAddress(required=True)


class AddressSchema(Schema):
    """Where the account is reached, now and soon."""

    email = fields.String(required=True)
    new_email = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "An address that waits until its mailed link is followed."},
    )


class DeletionSchema(Schema):
    """A planned deletion."""

    erase_at = fields.DateTime(required=True)
