# file of feature: api
"""What programs are told about an account."""

from marshmallow import Schema, fields


class MeSchema(Schema):
    """An account, as its owner sees it."""

    id = fields.String(required=True, attribute="public_id")
    name = fields.String(required=True)
    email = fields.String(required=True)
