"""The API's face: who else opens the account, and how they are unlinked."""

from typing import Any

from flask import Flask

from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.problems import Refusal
from app.core.access import recently_authenticated, signed_in
from app.core.current import current_principal
from app.extensions import db
from app.social import identities, linking
from app.social.api_schemas import LinkedListSchema

NOT_LINKED = Refusal(
    linking.NotLinked,
    404,
    "not_linked",
    "The account is not linked with this provider.",
)
LAST_WAY_IN = Refusal(
    linking.LastWayIn,
    409,
    "last_way_in",
    "Nothing else opens the account. Set a password first.",
)

blueprint = ApiBlueprint("social", __name__, "/me/social", "Who else opens your account.")
signed_in(blueprint)


@blueprint.get("")
@blueprint.response(200, LinkedListSchema)
def list_linked() -> dict[str, Any]:
    """List the providers that open your account."""
    return {"items": identities.list_linked(current_principal)}


@blueprint.delete("/<string(maxlength=40):linked>")
@recently_authenticated()
@blueprint.refuses(NOT_LINKED, LAST_WAY_IN)
@blueprint.response(204)
def unlink(linked: str) -> None:
    """Unlink a provider; every other sign-in of the account ends."""
    linking.unlink(current_principal, linked)
    db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
