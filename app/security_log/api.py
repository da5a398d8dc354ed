"""The API's face: what happened to one's account, and "this was not me"."""

from typing import Any
from uuid import UUID

from flask import Flask

from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.pages import PageQuerySchema, read_page
from app.api.problems import Refusal
from app.core.access import signed_in
from app.core.current import current_principal
from app.extensions import db
from app.security_log import service
from app.security_log.api_schemas import OwnEventPageSchema
from app.security_log.presentation import own_line

NO_SUCH_EVENT = Refusal(
    service.NoSuchEvent,
    404,
    "no_such_event",
    "There is no such event in your log, or it is none that somebody else could have caused.",
)

blueprint = ApiBlueprint("security_log", __name__, "/me/security-log", "What happened.")
signed_in(blueprint)


@blueprint.get("")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, OwnEventPageSchema)
def events(sent: dict[str, Any]) -> dict[str, Any]:
    """List what happened to your account, the newest first."""
    page = read_page(
        "security log",
        sent,
        find=lambda after, limit: service.own_entries_after(current_principal, after, limit),
        key=lambda entry: (entry.happened_at, entry.id),
    )
    return {**page, "items": [own_line(entry) for entry in page["items"]]}


@blueprint.post("/<uuid:public_id>/not-me")
@blueprint.refuses(NO_SUCH_EVENT)
@blueprint.response(204)
def not_me(public_id: UUID) -> None:
    """Say that it was not you: every sign-in ends, and a link to a new password is mailed."""
    service.disown(current_principal, public_id)
    db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
