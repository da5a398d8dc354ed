"""The API's face: authenticators, added and taken away."""

from typing import Any
from uuid import UUID

from flask import Flask

from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.login import SESSION_ENDED
from app.api.problems import Refusal
from app.core.access import recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.limits import guessing
from app.extensions import db
from app.second_factor.api import CODE_REFUSED
from app.second_factor.service import presence_of
from app.totp import service
from app.totp.api_schemas import (
    AuthenticatorListSchema,
    AuthenticatorSchema,
    ConfirmSchema,
    EnrolmentSchema,
)
from app.totp.models import Authenticator

NO_SUCH_AUTHENTICATOR = Refusal(
    service.NoSuchAuthenticator,
    404,
    "no_such_authenticator",
    "The account has no authenticator under this id.",
)
ENROLMENT_LOST = Refusal(
    service.EnrolmentLost,
    409,
    "enrolment_lost",
    "Nothing is being set up in this sign-in, or it took too long. Begin again.",
)
TOO_MANY = Refusal(
    service.TooMany, 409, "too_many_authenticators", "Take one away before you add another."
)

blueprint = ApiBlueprint("totp", __name__, "/me/totp", "Your authenticators.")
signed_in(blueprint)


@blueprint.get("")
@blueprint.response(200, AuthenticatorListSchema)
def list_authenticators() -> dict[str, Any]:
    """List your authenticators."""
    return {"items": service.authenticators_of(current_principal.account_id)}


@blueprint.post("")
@recently_authenticated()
@blueprint.refuses(TOO_MANY, SESSION_ENDED)
@blueprint.response(200, EnrolmentSchema)
def begin() -> service.Enrolment:
    """Begin to add one: get what the app must know."""
    user_id, place = current_principal.account_id, presence_of(current_principal)
    service.begin(user_id, place)
    enrolment = service.find_enrolment(user_id, place)
    db.session.commit()
    return enrolment


@blueprint.post("/confirm")
@recently_authenticated()
@guessing("totp_add")
@blueprint.refuses(ENROLMENT_LOST, CODE_REFUSED, TOO_MANY, SESSION_ENDED)
@blueprint.arguments(ConfirmSchema)
@blueprint.response(200, AuthenticatorSchema)
def confirm(sent: dict[str, Any]) -> Authenticator:
    """Add it, with the first code that it shows; every other sign-in of the account ends."""
    added = service.confirm(
        current_principal.account_id,
        presence_of(current_principal),
        sent["code"],
        sent["name"],
        keep=current_principal.login_session_id,
    )
    db.session.commit()
    return added


@blueprint.delete("/<uuid:public_id>")
@recently_authenticated()
@blueprint.refuses(NO_SUCH_AUTHENTICATOR)
@blueprint.response(204)
def remove(public_id: UUID) -> None:
    """Take one away; every other sign-in of the account ends."""
    service.remove(current_principal, public_id)
    db.session.commit()


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
