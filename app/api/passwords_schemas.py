"""What programs send to get another password."""

from marshmallow import Schema

from app.api.accounts_schemas import EmailAddress, LinkSchema, NewPassword, Password


class ForgottenSchema(Schema):
    """The address of an account, perhaps."""

    email = EmailAddress(required=True)


class ResetSchema(LinkSchema):
    """A mailed link and the new password: the link proves the rest."""

    password = NewPassword(required=True)


class ChangeSchema(Schema):
    """The current password and the new one."""

    current = Password(
        metadata={"description": "The current password; left out when the account has none."}
    )
    password = NewPassword(required=True)
