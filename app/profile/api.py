# file of feature: api
"""The API's face of the account page."""

from typing import Any

from flask import Response

from app.api import door
from app.api.blueprint import ApiBlueprint
from app.api.schemas import AttemptSchema, SignedInSchema
from app.core.access import public, signed_in
from app.core.principal import Principal, current_principal
from app.profile import deletion
from app.profile.schemas import MeSchema

blueprint = ApiBlueprint("profile", __name__, "", "Your account.")
signed_in(blueprint)


@blueprint.get("/me")
@blueprint.response(200, MeSchema)
def me() -> Principal:
    """Tell who you are."""
    return current_principal


@blueprint.post("/auth/token/keep")
@public
@blueprint.refuses(door.ATTEMPT_REFUSED, door.SIGN_IN_REFUSED)
@blueprint.arguments(AttemptSchema)
@blueprint.response(200, SignedInSchema)
def keep(sent: dict[str, Any]) -> dict[str, Any] | Response:
    """Keep an account that is about to be erased, on the way in."""
    attempt = door.resume(sent["attempt"], sent.get("device"))
    attempt.pass_step(deletion.KEEP)
    return door.go_on(attempt, sent["attempt"])
