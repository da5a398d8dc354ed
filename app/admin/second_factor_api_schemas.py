"""What programs send and get about the second factors of an account."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from app.admin.second_factor_service import REASONS


class HeldSchema(Schema):
    """A second factor of an account. Nothing in it proves anything."""

    factor = fields.String(required=True, attribute="factor.key")
    label = fields.String(required=True, attribute="factor.label")
    state = fields.String(required=True, attribute="words")
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class HeldListSchema(Schema):
    """All of them."""

    items = fields.List(fields.Nested(HeldSchema), required=True)


class ReasonSchema(Schema):
    """Why a factor is taken away; its owner reads it."""

    reason = fields.String(required=True, validate=OneOf(list(REASONS)))
