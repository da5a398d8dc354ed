# file of feature: api
"""The API's face: the second proof at the door, presence by a code, what the account has."""

from typing import Any
from uuid import UUID

from flask import Response

from app.api import door, refresh_tokens
from app.api.blueprint import ApiBlueprint
from app.api.problems import Refusal
from app.api.refresh_tokens import Pair
from app.api.schemas import AttemptSchema, PairSchema, SignedInSchema
from app.core.access import public, signed_in
from app.core.factor import CodeNotSent, CodeRefused, NoSuchFactor
from app.core.limits import guessing
from app.core.principal import current_principal
from app.extensions import db
from app.login.api import SESSION_ENDED
from app.second_factor import service, trust
from app.second_factor.schemas import AttemptCodeSchema, CodeSchema, FactorsSchema

CODE_REFUSED = Refusal(
    CodeRefused,
    422,
    "code_refused",
    "This code is wrong, was used before, or is too old. Take a new one.",
    "code",
)
NO_SUCH_FACTOR = Refusal(
    NoSuchFactor, 404, "no_such_factor", "The account has no such second factor."
)
NOT_SENT = Refusal(CodeNotSent, 409, "code_not_sent")
NO_SUCH_BROWSER = Refusal(
    trust.NoSuchBrowser, 404, "no_such_browser", "No browser is trusted under this id."
)

blueprint = ApiBlueprint("second_factor", __name__, "", "The second question.")


@blueprint.post("/auth/token/<string(maxlength=40):factor>")
@public
@guessing("second_factor")
@blueprint.refuses(door.ATTEMPT_REFUSED, door.SIGN_IN_REFUSED, NO_SUCH_FACTOR, CODE_REFUSED)
@blueprint.arguments(AttemptCodeSchema)
@blueprint.response(200, SignedInSchema)
def give(sent: dict[str, Any], factor: str) -> dict[str, Any] | Response:
    """Take a code to the door, and get tokens."""
    attempt = door.resume(sent["attempt"], sent.get("device"))
    try:
        service.pass_step(attempt, factor, sent["code"])
    except CodeRefused:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    return door.go_on(attempt, sent["attempt"])


@blueprint.post("/auth/token/<string(maxlength=40):factor>/send")
@public
@guessing("second_factor_send")
@blueprint.refuses(door.ATTEMPT_REFUSED, NO_SUCH_FACTOR, NOT_SENT)
@blueprint.arguments(AttemptSchema)
@blueprint.response(204)
def send(sent: dict[str, Any], factor: str) -> None:
    """Have a code sent for a sign-in."""
    attempt = door.resume(sent["attempt"], sent.get("device"))
    deliver = service.send(attempt.user.id, factor, service.sign_in_of(attempt))
    db.session.commit()
    deliver()


@blueprint.post("/auth/reauthenticate/<string(maxlength=40):factor>")
@signed_in
@guessing("second_factor")
@blueprint.refuses(NO_SUCH_FACTOR, CODE_REFUSED, SESSION_ENDED, door.NOT_A_PROGRAMS_SESSION)
@blueprint.arguments(CodeSchema)
@blueprint.response(200, PairSchema)
def reauthenticate(sent: dict[str, Any], factor: str) -> Pair:
    """Prove presence again by a code, and get tokens that say so; those before are dead."""
    refresh_tokens.require_program(current_principal)
    try:
        service.reauthenticate(current_principal, factor, sent["code"])
    except CodeRefused:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    pair = refresh_tokens.renewed_pair(current_principal)
    db.session.commit()
    return pair


@blueprint.post("/auth/reauthenticate/<string(maxlength=40):factor>/send")
@signed_in
@guessing("second_factor_send")
@blueprint.refuses(NO_SUCH_FACTOR, NOT_SENT, SESSION_ENDED)
@blueprint.response(204)
def send_for_presence(factor: str) -> None:
    """Have a code sent that proves presence in this sign-in."""
    presence = service.presence_of(current_principal)
    deliver = service.send(current_principal.user_id or 0, factor, presence)
    db.session.commit()
    deliver()


@blueprint.get("/me/second-factor")
@signed_in
@blueprint.response(200, FactorsSchema)
def list_factors() -> dict[str, Any]:
    """List your second factors, and the browsers that are not asked."""
    user_id = current_principal.user_id or 0
    return {
        "items": [service.describe(held) for held in service.held_by(user_id)],
        "trusted_browsers": trust.browsers_of(user_id),
    }


@blueprint.delete("/me/second-factor/browsers/<uuid:public_id>")
@signed_in
@blueprint.refuses(NO_SUCH_BROWSER)
@blueprint.response(204)
def forget_browser(public_id: UUID) -> None:
    """Ask again in a browser."""
    trust.end(current_principal.user_id or 0, public_id)
    db.session.commit()
