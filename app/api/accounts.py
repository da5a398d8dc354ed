"""The API's face: register, and follow the mailed link."""

from typing import Any

from flask import Flask, Response
from sqlalchemy.exc import IntegrityError

from app.accounts import service
from app.accounts.policy import PasswordRefused
from app.api import door
from app.api.accounts_schemas import AskedSchema, ConfirmationSchema, RegistrationSchema
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.problems import Refusal
from app.api.schemas import SignedInSchema
from app.core.access import public
from app.core.limits import guessing
from app.core.tokens import TokenRefused
from app.extensions import db

PASSWORD_REFUSED = Refusal(PasswordRefused, 422, "password_refused", field="password")
LINK_REFUSED = Refusal(
    TokenRefused,
    410,
    "link_refused",
    # One sentence for every reason: whoever tries links is not told how near they came.
    "A mailed link works once, for a while, and for the account that asked for it. "
    "Ask for a new one.",
)
WRONG_PASSWORD = Refusal(
    service.WrongPassword,
    422,
    "wrong_password",
    "That is not the password of this registration.",
    "password",
)

blueprint = ApiBlueprint("accounts", __name__, "/auth", "Become somebody here.")
public(blueprint)


@blueprint.post("/register")
@guessing("register")
@blueprint.refuses(PASSWORD_REFUSED)
@blueprint.arguments(RegistrationSchema)
@blueprint.response(202, AskedSchema)
def register(sent: dict[str, str]) -> dict[str, str]:
    """Register an address; the answer is the same whether or not it is known."""
    service.check_new_password(sent["password"], name=sent["name"], email=sent["email"])
    try:
        service.register(**sent)
        db.session.commit()
    except IntegrityError:
        # The same address arrived twice at once. One registration stands and its mail is out.
        db.session.rollback()
    return {"detail": "A mail is on its way. Send the last part of its link to confirm-email."}


@blueprint.post("/confirm-email")
@guessing("confirm_email")
@blueprint.refuses(LINK_REFUSED, WRONG_PASSWORD, door.SIGN_IN_REFUSED)
@blueprint.arguments(ConfirmationSchema)
@blueprint.response(200, SignedInSchema)
def confirm_email(sent: dict[str, Any]) -> dict[str, Any] | Response:
    """Prove the inbox and the password just chosen, and get tokens."""
    try:
        user = service.confirm_email(sent["token"], sent["password"])
    except service.WrongPassword:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    return door.arrive(user, amr=("pwd",), device=sent.get("device"))


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
