"""What programs are told about roles."""

from marshmallow import Schema, fields


class MyRolesSchema(Schema):
    """The roles of whoever asks. They are looked up at each request and stand in no token."""

    roles = fields.List(fields.String(), required=True)
    permissions = fields.List(fields.String(), required=True)
