"""What programs send to come in."""

from marshmallow import Schema

from app.api.accounts_schemas import EmailAddress, Password
from app.api.schemas import DeviceSchema


class CredentialsSchema(DeviceSchema):
    """Address and password."""

    email = EmailAddress(required=True)
    password = Password(required=True)


class PresenceSchema(Schema):
    """The password again."""

    password = Password(required=True)
