"""What programs send and are told about second factors."""

from marshmallow import Schema, fields
from marshmallow.validate import Length

from app.api.schemas import AttemptSchema
from app.second_factor.forms import LONGEST_CODE


class CodeSchema(Schema):
    """A code."""

    code = fields.String(required=True, validate=Length(1, LONGEST_CODE))


class AttemptCodeSchema(AttemptSchema):
    """A code for a sign-in that waits for it."""

    code = fields.String(required=True, validate=Length(1, LONGEST_CODE))


class FactorSchema(Schema):
    """A second factor of the account."""

    factor = fields.String(required=True, metadata={"description": "Names the kind."})
    label = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "How it stands, in words."})
    is_backup = fields.Boolean(
        required=True, metadata={"description": "It stands in for another one that is lost."}
    )
    is_sent = fields.Boolean(
        required=True, metadata={"description": "A code must be asked for first."}
    )


class TrustedSchema(Schema):
    """A browser that is not asked."""

    id = fields.UUID(required=True, attribute="public_id")
    name = fields.String(required=True)
    until = fields.AwareDateTime(required=True)


class FactorsSchema(Schema):
    """All second factors, the last used first, and the browsers that are not asked."""

    items = fields.List(fields.Nested(FactorSchema), required=True)
    trusted_browsers = fields.List(fields.Nested(TrustedSchema), required=True)
