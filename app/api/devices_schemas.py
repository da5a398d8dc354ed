"""What programs are told about sign-ins."""

from marshmallow import Schema, fields
from marshmallow.validate import OneOf

from app.api.pages import page_of
from app.login.attempt import BROWSER, PROGRAM


class SignInSchema(Schema):
    """A sign-in as its owner sees it. Nothing in it opens anything."""

    id = fields.UUID(required=True, attribute="public_id")
    kind = fields.String(required=True, validate=OneOf([BROWSER, PROGRAM]))
    name = fields.String(
        required=True, metadata={"description": "By its own word, which anybody can choose."}
    )
    address = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    methods = fields.String(required=True)
    is_here = fields.Boolean(
        required=True, metadata={"description": "Whether it is the one that asks."}
    )


SignInPageSchema = page_of(SignInSchema, "SignInPageSchema")


class DisownedSchema(Schema):
    """What following the link has done."""

    ended = fields.Boolean(
        required=True, metadata={"description": "False if that sign-in was over already."}
    )
