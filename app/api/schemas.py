"""What several features say and take: tokens, pages of a list, problems."""

from marshmallow import INCLUDE, Schema, fields
from marshmallow.validate import Length

LONGEST_TOKEN = 2048
LONGEST_DEVICE = 128


class DeviceSchema(Schema):
    """A program that may be known again."""

    device = fields.String(
        validate=Length(1, LONGEST_DEVICE),
        metadata={"description": "The `device` of an earlier answer, to be known again."},
    )


class PairSchema(Schema):
    """An access token and the refresh token for the next pair (RFC 6749, section 5.1)."""

    access_token = fields.String(required=True, metadata={"maxLength": LONGEST_TOKEN})
    refresh_token = fields.String(required=True, metadata={"maxLength": LONGEST_TOKEN})
    token_type = fields.String(required=True, metadata={"enum": ["Bearer"]})
    expires_in = fields.Integer(
        required=True,
        metadata={"description": "Seconds until the access token ends.", "minimum": 1},
    )


class SignedInSchema(PairSchema):
    """The door is open."""

    device = fields.String(
        required=True,
        metadata={
            "description": "Keep it, and send it when you sign in again.",
            "maxLength": LONGEST_DEVICE,
        },
    )


class AttemptSchema(DeviceSchema):
    """A sign-in that waits for a step."""

    attempt = fields.String(required=True, validate=Length(1, LONGEST_TOKEN))


class RefreshSchema(Schema):
    """A refresh token."""

    refresh_token = fields.String(required=True, validate=Length(1, LONGEST_TOKEN))


class ProblemSchema(Schema):
    """A refusal or failure (RFC 9457)."""

    class Meta:
        """Further members may come with a problem; whoever reads one skips them (section 3.2)."""

        unknown = INCLUDE

    type = fields.String(required=True, metadata={"format": "uri-reference"})
    title = fields.String(required=True)
    status = fields.Integer(required=True, metadata={"minimum": 400, "maximum": 599})
    code = fields.String(
        required=True,
        metadata={"description": "Decide by this; it never changes.", "pattern": "^[a-z0-9_]+$"},
    )
    detail = fields.String(required=True)
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Sentences, by the name of the field they are about."},
    )
    attempt = fields.String(metadata={"description": "Names a sign-in that waits for a step."})
    step = fields.String(metadata={"description": "What is still to be done."})
    address = fields.String(
        metadata={"description": "Where it is done.", "format": "uri-reference"}
    )

    factors = fields.List(
        fields.Dict(),
        metadata={"description": "What may be given, the last used first, and where."},
    )


class DocumentSchema(Schema):
    """An OpenAPI document (OpenAPI Specification 3.1)."""

    class Meta:
        """Its shape is described by the specification."""

        unknown = INCLUDE

    openapi = fields.String(required=True)
    info = fields.Dict(required=True)
    paths = fields.Dict(required=True)
