"""What programs are told about the security log."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from app.api.pages import page_of
from app.security_log.stored import STORED


class OwnEventSchema(Schema):
    """Something that happened to your account."""

    id = fields.UUID(required=True, attribute="public_id")
    happened_at = fields.AwareDateTime(required=True)
    kind = fields.String(
        required=True,
        validate=OneOf([kind for kind, event in STORED.items() if event.about_account]),
    )
    title = fields.String(required=True)
    words = fields.String(required=True)
    by = fields.String(required=True, metadata={"description": "Who did it, as far as is known."})
    device = fields.String(
        required=True, metadata={"description": "By its own word, which anybody can choose."}
    )
    address = fields.String(
        required=True, metadata={"description": "After 30 days only the network of it."}
    )
    can_be_disowned = fields.Boolean(
        required=True, metadata={"description": "Whether `not-me` takes it."}
    )


OwnEventPageSchema = page_of(OwnEventSchema, "OwnEventPageSchema")
