"""What programs send and are told about codes that are sent."""

from marshmallow import Schema, fields
from marshmallow.validate import Length

from app.api.accounts_schemas import EmailAddress
from app.api.schemas import LONGEST_TOKEN, DeviceSchema
from app.one_time_codes.forms import LONGEST_NUMBER
from app.second_factor.api_schemas import CodeSchema


class NumberSchema(Schema):
    """The number that codes shall go to."""

    number = fields.String(required=True, validate=Length(1, LONGEST_NUMBER))


class ChannelSchema(Schema):
    """A way that codes go."""

    channel = fields.String(required=True, metadata={"enum": ["email", "sms"]})
    number = fields.String(required=True, metadata={"description": "Empty for mails."})
    added_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class ChannelListSchema(Schema):
    """All of them."""

    items = fields.List(fields.Nested(ChannelSchema), required=True)


class AskedCodeSchema(DeviceSchema):
    """Whom a code shall be mailed to."""

    email = EmailAddress(required=True)


class MailedSchema(Schema):
    """What names the try; whether a mail went out is not told."""

    attempt = fields.String(required=True)
    device = fields.String(required=True, metadata={"description": "Send it along with the code."})


class MailedCodeSchema(CodeSchema):
    """The code that was mailed."""

    email = EmailAddress(required=True)
    attempt = fields.String(required=True, validate=Length(1, LONGEST_TOKEN))
    device = fields.String(required=True, validate=Length(1, LONGEST_TOKEN))
