"""What programs are told about recovery codes."""

from marshmallow import Schema, fields


class RecoveryCodesSchema(Schema):
    """How the codes stand, and the codes themselves while they can be read."""

    left = fields.Integer(required=True)
    made_at = fields.AwareDateTime(required=True, allow_none=True)
    codes = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "For ten minutes after they were made, or until they are said to be "
            "saved; then never again."
        },
    )
