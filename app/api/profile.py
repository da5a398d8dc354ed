"""The API's face of the account page."""

from dataclasses import replace
from typing import Any

from flask import Flask, Response, url_for

from app.accounts import personal_data
from app.accounts.models import User
from app.accounts.service import (
    AccountExists,
    NoSuchAccount,
    StillNeeded,
)
from app.api import door
from app.api.accounts import LINK_REFUSED
from app.api.accounts_schemas import AskedSchema, LinkSchema
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.points import API_STEPS, ApiStep
from app.api.problems import Refusal
from app.api.profile_schemas import (
    AddressSchema,
    DeletionSchema,
    MeSchema,
    NameSchema,
    NewEmailSchema,
)
from app.api.schemas import AttemptSchema, SignedInSchema
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.limits import guessing
from app.core.principal import Principal
from app.extensions import db
from app.profile import deletion, email_change, service
from app.profile.models import AccountDeletion

# Erased since the request came in: for a link that is one more reason not to say.
LINK_OF_NOBODY = replace(LINK_REFUSED, error=NoSuchAccount)
ACCOUNT_GONE = Refusal(NoSuchAccount, 401, "invalid_token", "This account has been erased.")
ADDRESS_TAKEN = Refusal(
    AccountExists,
    409,
    "address_taken",
    "Another account has this address by now. Nothing has changed.",
)
SAME_ADDRESS = Refusal(
    email_change.SameAddress, 422, "same_address", "That is your address already.", "email"
)
STILL_NEEDED = Refusal(StillNeeded, 409, "still_needed")

blueprint = ApiBlueprint("profile", __name__, "", "Your account.")
signed_in(blueprint)


@blueprint.get("/me")
@blueprint.response(200, MeSchema)
def me() -> Principal:
    """Tell who you are."""
    return current_principal


@blueprint.patch("/me")
@blueprint.refuses(ACCOUNT_GONE)
@blueprint.arguments(NameSchema)
@blueprint.response(200, MeSchema)
def change_name(sent: dict[str, str]) -> User:
    """Take another name."""
    service.change_name(current_principal, sent["name"])
    db.session.commit()
    return _user()


@blueprint.delete("/me")
@recently_authenticated()
@blueprint.refuses(ACCOUNT_GONE)
@blueprint.refuses(STILL_NEEDED)
@blueprint.response(202, DeletionSchema)
def delete() -> AccountDeletion:
    """Plan the erasure of the account, and end every sign-in; until then it can be kept."""
    planned = deletion.request_deletion(current_principal)
    db.session.commit()
    return planned


@blueprint.get("/me/export")
@recently_authenticated()
@blueprint.response(200)
def export() -> dict[str, Any]:
    """Get all that is known of you, by feature."""
    return personal_data.export(_user())


@blueprint.get("/me/email")
@blueprint.response(200, AddressSchema)
def email() -> dict[str, str | None]:
    """Tell your address, and the one that waits to be proved."""
    waiting = email_change.find_new_email(_user().id)
    return {"email": current_principal.email, "new_email": waiting}


@blueprint.post("/me/email")
@recently_authenticated()
@guessing("change_email")
@blueprint.refuses(SAME_ADDRESS, ACCOUNT_GONE)
@blueprint.arguments(NewEmailSchema)
@blueprint.response(202, AskedSchema)
def change_email(sent: dict[str, str]) -> dict[str, str]:
    """Ask for another address; the answer is the same whether or not it is free."""
    email_change.request_change(current_principal, sent["email"])
    db.session.commit()
    return {"detail": "A mail is on its way. Send the last part of its link to me/email/confirm."}


@blueprint.post("/me/email/confirm")
@blueprint.refuses(LINK_REFUSED, LINK_OF_NOBODY, ADDRESS_TAKEN)
@blueprint.arguments(LinkSchema)
@blueprint.response(200, MeSchema)
def confirm_email(sent: dict[str, str]) -> User:
    """Move the account to the address that the mailed link proves."""
    email_change.confirm_change(current_principal, sent["token"])
    db.session.commit()
    return _user()


@blueprint.post("/auth/email/undo")
@public
@blueprint.refuses(LINK_REFUSED, LINK_OF_NOBODY, ADDRESS_TAKEN)
@blueprint.arguments(LinkSchema)
@blueprint.response(204)
def undo_email(sent: dict[str, str]) -> None:
    """Take a change of address back by the link in the old inbox; then choose a new password."""
    email_change.undo_change(sent["token"])
    db.session.commit()


@blueprint.post("/auth/keep")
@public
@blueprint.refuses(LINK_REFUSED)
@blueprint.arguments(LinkSchema)
@blueprint.response(204)
def keep_by_link(sent: dict[str, str]) -> None:
    """Keep an account that is about to be erased, by the mailed link; it opens nothing."""
    deletion.keep_by_link(sent["token"])
    db.session.commit()


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


def _user() -> User:
    return db.session.get_one(User, current_principal.user_id)


def init_app(app: Flask) -> None:
    """Register the routes below /api, and the step for an account that is about to be erased."""
    add_to_api(app, blueprint)
    API_STEPS.add(app, ApiStep(deletion.KEEP, lambda _: {"address": url_for("profile_api.keep")}))
