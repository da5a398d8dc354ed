"""The API's face: tokens for a password, the next pair, sign out, prove presence again."""

from typing import Any

from flask import Flask, Response

from app.accounts.service import WrongPassword
from app.api import door, jwt, refresh_tokens
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.login_schemas import CredentialsSchema, PresenceSchema
from app.api.problems import Refusal
from app.api.refresh_tokens import Pair, RefreshTokenReused
from app.api.schemas import PairSchema, RefreshSchema, SignedInSchema
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.limits import guessing
from app.extensions import db
from app.login import service

REFRESH_REFUSED = Refusal(
    jwt.TokenRefused,
    401,
    "refresh_token_refused",
    "This refresh token is not valid any more. Sign in again.",
)
REUSED = Refusal(
    RefreshTokenReused,
    401,
    "refresh_token_reused",
    "This refresh token was used before, so somebody else may have it. The sign-in has ended, and "
    "its owner is told by mail. Sign in again.",
)
WRONG_PASSWORD = Refusal(
    WrongPassword, 422, "wrong_password", "That is not your password.", "password"
)
SESSION_ENDED = Refusal(
    service.SessionEnded, 401, "invalid_token", "Your session has ended. Sign in again."
)

blueprint = ApiBlueprint("login", __name__, "/auth", "Come in, stay in, leave.")


@blueprint.post("/token")
@public
@guessing("sign_in")
@blueprint.refuses(door.SIGN_IN_REFUSED)
@blueprint.arguments(CredentialsSchema)
@blueprint.response(200, SignedInSchema)
def sign_in(sent: dict[str, Any]) -> dict[str, Any] | Response:
    """Take address and password to the door, and get tokens."""
    origin = door.origin(sent.get("device"))
    try:
        outcome = service.sign_in(sent["email"], sent["password"], origin, remember=True)
    except service.SignInRefused:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    return door.answer(outcome, origin)


@blueprint.post("/refresh")
@public
@blueprint.refuses(REFRESH_REFUSED, REUSED)
@blueprint.arguments(RefreshSchema)
@blueprint.response(200, PairSchema)
def refresh(sent: dict[str, Any]) -> Pair:
    """Get the next pair of tokens for a refresh token."""
    try:
        pair = refresh_tokens.refresh(sent["refresh_token"])
    except RefreshTokenReused:
        db.session.commit()  # the alarm must outlive the refusal
        raise
    db.session.commit()
    return pair


@blueprint.post("/logout")
@signed_in
@blueprint.response(204)
def sign_out() -> None:
    """End this sign-in; its access and refresh tokens are dead at once."""
    service.sign_out(current_principal)
    db.session.commit()


@blueprint.post("/logout-all")
@recently_authenticated()
@blueprint.response(204)
def sign_out_everywhere() -> None:
    """End every sign-in of the account, in browsers too."""
    service.sign_out_everywhere(current_principal)
    db.session.commit()


@blueprint.post("/reauthenticate")
@signed_in
@guessing("reauthenticate")
@blueprint.refuses(WRONG_PASSWORD, SESSION_ENDED, door.NOT_A_PROGRAMS_SESSION)
@blueprint.arguments(PresenceSchema)
@blueprint.response(200, PairSchema)
def reauthenticate(sent: dict[str, Any]) -> Pair:
    """Prove presence again, and get tokens that say so; those before are dead."""
    refresh_tokens.require_program(current_principal)
    try:
        service.reauthenticate(current_principal, sent["password"])
    except WrongPassword:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    pair = refresh_tokens.renewed_pair(current_principal)
    db.session.commit()
    return pair


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
