"""What programs send and get of example things, by the rules of the form."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields
from marshmallow.validate import Length

from app.api.accounts_schemas import one_line
from app.api.pages import page_of
from app.example_things.forms import TITLE_MISSING, TITLE_TOO_LONG
from app.example_things.models import LONGEST_TITLE


class Title(fields.String):
    """A title, without blanks around it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        title = str(super()._deserialize(value, attr, data, **options)).strip()
        if not title:
            raise ValidationError(TITLE_MISSING)
        return title


class NewExampleThingSchema(Schema):
    """What is written: all of it, each time."""

    title = Title(
        required=True,
        validate=[Length(max=LONGEST_TITLE, error=TITLE_TOO_LONG), one_line],
        metadata={"minLength": 1},
    )


class ExampleThingSchema(Schema):
    """One. Whose it is need not be said: nobody gets another's."""

    id = fields.UUID(required=True, attribute="public_id")
    title = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)


ExampleThingPageSchema = page_of(ExampleThingSchema, "ExampleThingPageSchema")
