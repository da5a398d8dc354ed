"""The API's face: see the codes once, make others."""

from typing import Any

from flask import Flask

from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.problems import Refusal
from app.core.access import recently_authenticated, signed_in
from app.core.current import current_principal
from app.extensions import db
from app.recovery_codes import service
from app.recovery_codes.api_schemas import RecoveryCodesSchema

NOTHING_TO_STAND_IN = Refusal(
    service.NothingToStandIn,
    409,
    "no_factor_yet",
    "Set up a second factor first: codes stand in for it.",
)

blueprint = ApiBlueprint("recovery_codes", __name__, "/me/recovery-codes", "Your saved codes.")
signed_in(blueprint)
recently_authenticated()(blueprint)


@blueprint.get("")
@blueprint.response(200, RecoveryCodesSchema)
def show() -> dict[str, Any]:
    """Tell how the codes stand, and show them while they can be read."""
    return _shown(current_principal.account_id)


def _shown(user_id: int) -> dict[str, Any]:
    state = service.state_of(user_id)
    return {"left": state.left, "made_at": state.made_at, "codes": service.readable(user_id)}


@blueprint.post("/saved")
@blueprint.response(204)
def saved() -> None:
    """Say that they are saved, so that they are shown no more."""
    service.put_away(current_principal.account_id)
    db.session.commit()


@blueprint.post("/renew")
@blueprint.refuses(NOTHING_TO_STAND_IN)
@blueprint.response(200, RecoveryCodesSchema)
def renew() -> dict[str, Any]:
    """Get ten other codes; those before are void."""
    service.renew(current_principal)
    db.session.commit()
    return _shown(current_principal.account_id)


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
