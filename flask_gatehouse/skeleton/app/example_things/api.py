"""The API's face: list, add, read, change, delete."""

from typing import Any
from uuid import UUID

from flask import Flask, url_for
from flask.views import MethodView

from app.api.blueprint import MADE_AT, ApiBlueprint, add_to_api
from app.api.pages import PageQuerySchema, read_page
from app.api.problems import Refusal
from app.core.access import signed_in
from app.core.current import current_principal
from app.example_things import service
from app.example_things.models import ExampleThing
from app.example_things.api_schemas import (
    ExampleThingPageSchema,
    ExampleThingSchema,
    NewExampleThingSchema,
)
from app.extensions import db

NOT_THERE = Refusal(
    service.NoSuchExampleThing,
    404,
    "no_such_example_thing",
    "You have none under this address.",
)

blueprint = ApiBlueprint("example_things", __name__, "/example-things", "Example things.")
signed_in(blueprint)


@blueprint.route("")
class EveryExampleThing(MethodView):
    """All of whoever asks."""

    @blueprint.arguments(PageQuerySchema, location="query")
    @blueprint.response(200, ExampleThingPageSchema)
    def get(self, sent: dict[str, Any]) -> dict[str, Any]:
        """List your example things, the newest first."""
        return read_page(
            "example things",
            sent,
            find=lambda after, limit: service.list_after(current_principal, after, limit),
            key=lambda row: (row.id,),
        )

    @blueprint.arguments(NewExampleThingSchema)
    @blueprint.response(201, ExampleThingSchema, headers=MADE_AT)
    def post(self, sent: dict[str, str]) -> tuple[ExampleThing, dict[str, str]]:
        """Add one."""
        row = service.create(current_principal, **sent)
        db.session.commit()
        made_at = url_for("example_things_api.OneExampleThing", public_id=row.public_id)
        return row, {"Location": made_at}


@blueprint.route("/<uuid:public_id>")
class OneExampleThing(MethodView):
    """One of them."""

    @blueprint.refuses(NOT_THERE)
    @blueprint.response(200, ExampleThingSchema)
    def get(self, public_id: UUID) -> ExampleThing:
        """Read one."""
        return service.get(current_principal, public_id)

    @blueprint.refuses(NOT_THERE)
    @blueprint.arguments(NewExampleThingSchema)
    @blueprint.response(200, ExampleThingSchema)
    def put(self, sent: dict[str, str], public_id: UUID) -> ExampleThing:
        """Write one anew."""
        row = service.change(current_principal, public_id, **sent)
        db.session.commit()
        return row

    @blueprint.refuses(NOT_THERE)
    @blueprint.response(204)
    def delete(self, public_id: UUID) -> None:
        """Delete one."""
        service.delete(current_principal, public_id)
        db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
