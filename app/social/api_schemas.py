"""What programs are told about linked identities."""

from marshmallow import Schema, fields


class LinkedSchema(Schema):
    """Somebody at a provider who opens the account."""

    provider = fields.String(required=True)
    label = fields.String(required=True)
    account_name = fields.String(
        required=True,
        metadata={"description": "As the provider called them when they were linked."},
    )
    linked_at = fields.AwareDateTime(required=True)


class LinkedListSchema(Schema):
    """All of them; a provider stands in it once."""

    items = fields.List(fields.Nested(LinkedSchema), required=True)
