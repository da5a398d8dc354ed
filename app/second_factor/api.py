"""The API's face: the second proof at the door, presence by a code, what the account has."""

from typing import Any
from uuid import UUID

from flask import Flask, Response, url_for

from app.api import door, refresh_tokens
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.login import SESSION_ENDED
from app.api.points import API_STEPS, ApiStep
from app.api.problems import Refusal
from app.api.refresh_tokens import Pair
from app.api.schemas import AttemptSchema, PairSchema, SignedInSchema
from app.core.access import public, signed_in
from app.core.current import current_principal
from app.core.factor import CodeNotSent, CodeRefused, Held, NoSuchFactor
from app.core.limits import guessing
from app.extensions import db
from app.login.attempt import Attempt
from app.second_factor import service, trust
from app.second_factor.api_schemas import AttemptCodeSchema, CodeSchema, FactorsSchema

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
    deliver = service.send(current_principal.account_id, factor, presence)
    db.session.commit()
    deliver()


@blueprint.get("/me/second-factor")
@signed_in
@blueprint.response(200, FactorsSchema)
def list_factors() -> dict[str, Any]:
    """List your second factors, and the browsers that are not asked."""
    user_id = current_principal.account_id
    return {
        "items": [describe(held) for held in service.held_by(user_id)],
        "trusted_browsers": trust.browsers_of(user_id),
    }


@blueprint.delete("/me/second-factor/browsers/<uuid:public_id>")
@signed_in
@blueprint.refuses(NO_SUCH_BROWSER)
@blueprint.response(204)
def forget_browser(public_id: UUID) -> None:
    """Ask again in a browser."""
    trust.end(current_principal.account_id, public_id)
    db.session.commit()


def describe_step(attempt: Attempt) -> dict[str, Any] | None:
    """Return the factors that a program may give; None if the first one is to be set up."""
    held = service.held_by(attempt.user.id)
    if not held:
        return None
    factors = [describe(one) for one in held]
    return {"factors": factors, "address": factors[0]["address"]}


def describe(held: Held) -> dict[str, Any]:
    """Return what a program is told of a factor."""
    kind = held.factor
    return {
        "factor": kind.key,
        "label": kind.label,
        "about": kind.about,
        "state": held.words,
        "is_backup": kind.is_backup,
        "is_sent": kind.is_sent,
        "address": url_for("second_factor_api.give", factor=kind.key),
    }


def init_app(app: Flask) -> None:
    """Register the routes below /api, and how a program does the step at sign-in."""
    add_to_api(app, blueprint)
    API_STEPS.add(app, ApiStep(service.KEY, describe_step, may_take_browser=True))
