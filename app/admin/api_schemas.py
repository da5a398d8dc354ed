"""What programs send and get of accounts, roles and the log, by the rules of the forms."""

from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf

from app.accounts.email import LONGEST_ADDRESS
from app.admin.directory import LONGEST_SEARCH
from app.admin.log_forms import NO_DAY, OUT_OF_BOUNDS, TOO_LONG, WRONG_ORDER
from app.admin.log_service import FIRST_DAY, LAST_DAY
from app.admin.role_forms import NOT_DECLARED
from app.api.pages import PageQuerySchema, page_of
from app.roles.models import LONGEST_NAME, LONGEST_PERMISSION
from app.security_log.stored import STORED

MOST_PERMISSIONS = 200


class Id(fields.UUID):
    """An id of an account, in the one spelling that addresses take."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> str | None:
        return None if value is None else str(UUID(str(value)))


class UserLineSchema(Schema):
    """An account in the list."""

    id = Id(required=True, attribute="public_id")
    name = fields.String(required=True)
    email = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    confirmed_at = fields.AwareDateTime(required=True, allow_none=True)
    active = fields.Boolean(
        required=True, metadata={"description": "False once somebody has switched it off."}
    )


UserPageSchema = page_of(UserLineSchema, "UserPageSchema")


class UsersQuerySchema(PageQuerySchema):
    """Which accounts, and which page of them."""

    search = fields.String(
        load_default="",
        validate=Length(max=LONGEST_SEARCH),
        metadata={"description": "What address or name begins with, in large letters or small."},
    )


class OneUserSchema(UserLineSchema):
    """An account, with what it may do."""

    roles = fields.List(fields.String(), required=True)
    has_password = fields.Boolean(required=True)


class SessionSchema(Schema):
    """A sign-in of an account. Nothing in it opens anything."""

    id = Id(required=True, attribute="public_id")
    kind = fields.String(required=True)
    name = fields.String(
        required=True, metadata={"description": "By its own word, which anybody can choose."}
    )
    address = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)


class SessionsSchema(Schema):
    """Where an account is signed in, the newest sign-ins."""

    items = fields.List(fields.Nested(SessionSchema), required=True)


class Permissions(fields.List):  # type: ignore[type-arg]
    """What a role allows. What is wrong with one of them is said of all: they are one field."""

    def __init__(self, **options: Any) -> None:
        one = fields.String(validate=Length(1, LONGEST_PERMISSION))
        super().__init__(one, validate=Length(max=MOST_PERMISSIONS), **options)

    def _deserialize(self, value: Any, *where: Any, **options: Any) -> Any:
        try:
            return super()._deserialize(value, *where, **options)
        except ValidationError as error:
            if isinstance(error.messages, dict):
                raise ValidationError(NOT_DECLARED) from None
            raise


class PermissionsSchema(Schema):
    """What a role allows: all of it, each time."""

    permissions = Permissions(
        required=True, metadata={"description": "Names of `GET /permissions`."}
    )


class NewRoleSchema(PermissionsSchema):
    """A role that is made."""

    name = fields.String(
        required=True,
        validate=Length(1, LONGEST_NAME),
        metadata={"description": "Small letters, digits and hyphens, beginning with a letter."},
    )


class RoleSchema(Schema):
    """A role."""

    name = fields.String(required=True)
    permissions = fields.List(fields.String(), required=True)
    holders = fields.Integer(required=True, metadata={"description": "How many accounts have it."})


class RolesSchema(Schema):
    """Every role."""

    items = fields.List(fields.Nested(RoleSchema), required=True)


class PermissionSchema(Schema):
    """Something that a role may allow."""

    name = fields.String(required=True)
    about = fields.String(required=True)


class PermissionListSchema(Schema):
    """Every permission that a feature declares."""

    items = fields.List(fields.Nested(PermissionSchema), required=True)


class Day(fields.Date):
    """A day in UTC, within the bounds of the form."""

    default_error_messages = {"invalid": NO_DAY}  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", validate=_within_bounds, **options)


def _within_bounds(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(OUT_OF_BOUNDS)


class NarrowingSchema(Schema):
    """Which events; what is left out does not narrow."""

    account = fields.String(
        validate=Length(max=LONGEST_ADDRESS, error=TOO_LONG),
        metadata={"description": "An address or an id. An account that is erased has its id."},
    )
    kind = fields.String(validate=OneOf(list(STORED)))
    since = Day(metadata={"description": "The first day, in UTC."})
    until = Day(metadata={"description": "The last day, in UTC."})

    @validates_schema(skip_on_field_errors=True)
    def _in_order(self, sent: dict[str, Any], **_: Any) -> None:
        if "since" in sent and "until" in sent and sent["until"] < sent["since"]:
            raise ValidationError(WRONG_ORDER, "until")


class LogQuerySchema(NarrowingSchema, PageQuerySchema):
    """Which events, and which page of them."""


class EventSchema(Schema):
    """Something that happened, to whichever account."""

    id = fields.UUID(required=True, attribute="entry.public_id")
    happened_at = fields.AwareDateTime(required=True, attribute="entry.happened_at")
    kind = fields.String(required=True, attribute="entry.kind")
    title = fields.String(required=True)
    words = fields.String(required=True)
    account_id = Id(
        required=True,
        allow_none=True,
        attribute="entry.account",
        metadata={"description": "Of the account it is about; the id of an erased one stays."},
    )
    account = fields.String(
        required=True, metadata={"description": "Its address, or its id once it is erased."}
    )
    actor_id = Id(
        required=True,
        allow_none=True,
        attribute="entry.actor",
        metadata={"description": "Of the account that did it."},
    )
    actor = fields.String(required=True)
    method = fields.String(
        required=True,
        attribute="entry.method",
        metadata={"description": "How whoever did it was here."},
    )
    request_id = fields.String(required=True, attribute="entry.request_id")
    details = fields.Dict(required=True, attribute="entry.details")
    device = fields.String(
        required=True, metadata={"description": "By its own word, which anybody can choose."}
    )
    address = fields.String(
        required=True,
        attribute="entry.address",
        metadata={"description": "After 30 days only the network of it."},
    )


EventPageSchema = page_of(EventSchema, "EventPageSchema")
