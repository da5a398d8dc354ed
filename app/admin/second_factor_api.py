"""The API's face of a lost second factor."""

from typing import Any
from uuid import UUID

from flask import Flask

from app.admin import second_factor_service as service
from app.admin.base_api import ON_SOMEBODY
from app.admin.second_factor_api_schemas import HeldListSchema, ReasonSchema
from app.admin.user_api import NO_SUCH_USER
from app.admin.user_service import get_user
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.problems import Refusal
from app.core.access import permission_required, recently_authenticated
from app.core.current import current_principal
from app.core.factor import NoSuchFactor
from app.extensions import db

NO_SUCH_FACTOR = Refusal(
    NoSuchFactor, 404, "no_such_factor", "The account has no such second factor."
)

blueprint = ApiBlueprint("admin_second_factor", __name__, "", "Lost second factors.")


@blueprint.get("/users/<uuid:public_id>/factors")
@permission_required("users:read")
@blueprint.refuses(NO_SUCH_USER)
@blueprint.response(200, HeldListSchema)
def factors(public_id: UUID) -> dict[str, Any]:
    """List the second factors of an account."""
    return {"items": service.factors_of(get_user(public_id))}


@blueprint.post("/users/<uuid:public_id>/factors/<string(maxlength=40):factor>/take-away")
@permission_required("users:read")
@permission_required("users:write")
@recently_authenticated()
@blueprint.forbids(*ON_SOMEBODY)
@blueprint.refuses(NO_SUCH_USER, NO_SUCH_FACTOR)
@blueprint.arguments(ReasonSchema)
@blueprint.response(204)
def take_away(sent: dict[str, str], public_id: UUID, factor: str) -> None:
    """Remove a lost second factor; its owner is notified of the reason."""
    service.take_factor_away(current_principal, public_id, factor, sent["reason"])
    db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
