"""The API's face: ask for a link, follow it, change the password."""

from flask import Flask

from app.accounts.service import WrongPassword
from app.api import door, refresh_tokens
from app.api.accounts import LINK_REFUSED, PASSWORD_REFUSED
from app.api.accounts_schemas import AskedSchema
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.passwords_schemas import ChangeSchema, ForgottenSchema, ResetSchema
from app.api.problems import Refusal
from app.api.refresh_tokens import Pair
from app.api.schemas import PairSchema
from app.core.access import public, recently_authenticated
from app.core.current import current_principal
from app.core.limits import guessing
from app.extensions import db
from app.login.service import SessionEnded
from app.passwords import service

WRONG_PASSWORD = Refusal(
    WrongPassword, 422, "wrong_password", "That is not your current password.", "current"
)
SESSION_ENDED = Refusal(
    SessionEnded, 401, "invalid_token", "Your session has ended. Sign in again."
)

blueprint = ApiBlueprint("passwords", __name__, "/auth/password", "Get another password.")


@blueprint.post("/forgot")
@public
@guessing("forgot_password")
@blueprint.arguments(ForgottenSchema)
@blueprint.response(202, AskedSchema)
def forgot(sent: dict[str, str]) -> dict[str, str]:
    """Ask for a mailed link; the answer is the same whether or not the address has an account."""
    service.request_reset(sent["email"])
    db.session.commit()
    return {"detail": "A mail is on its way. Send the last part of its link to password/reset."}


@blueprint.post("/reset")
@public
@guessing("reset_password")
@blueprint.refuses(LINK_REFUSED, PASSWORD_REFUSED)
@blueprint.arguments(ResetSchema)
@blueprint.response(204)
def reset(sent: dict[str, str]) -> None:
    """Choose a new password by a mailed link, then sign in with it: every sign-in has ended."""
    service.reset_password(sent["token"], sent["password"])
    db.session.commit()


@blueprint.post("/change")
@recently_authenticated()
@guessing("change_password")
@blueprint.refuses(PASSWORD_REFUSED, WRONG_PASSWORD, SESSION_ENDED, door.NOT_A_PROGRAMS_SESSION)
@blueprint.arguments(ChangeSchema)
@blueprint.response(200, PairSchema)
def change(sent: dict[str, str]) -> Pair:
    """Change the password, or set the first, and get new tokens; all others are dead."""
    refresh_tokens.require_program(current_principal)
    current = sent.get("current", "")
    try:
        service.change_password(current_principal, sent["password"], current=current)
    except WrongPassword:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    pair = refresh_tokens.renewed_pair(current_principal)
    db.session.commit()
    return pair


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
