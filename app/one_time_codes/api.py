"""The API's face: where codes go, and the way in by a mailed code."""

from typing import Any

from flask import Flask, Response

from app.api import door
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.login import SESSION_ENDED
from app.api.problems import Refusal
from app.api.schemas import SignedInSchema
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.factor import CodeRefused
from app.core.limits import guessing
from app.extensions import db
from app.one_time_codes import service, sign_in, sms
from app.one_time_codes.api_schemas import (
    AskedCodeSchema,
    ChannelListSchema,
    ChannelSchema,
    MailedCodeSchema,
    MailedSchema,
    NumberSchema,
)
from app.one_time_codes.models import CodeChannel
from app.one_time_codes.phone import NumberRefused
from app.second_factor.api import CODE_REFUSED, NOT_SENT
from app.second_factor.api_schemas import CodeSchema
from app.second_factor.service import presence_of

NO_SUCH_CHANNEL = Refusal(
    service.NoSuchChannel, 404, "no_such_channel", "No codes go this way to the account."
)
TAKEN = Refusal(
    service.ChannelTaken, 409, "channel_taken", "Codes go this way already. Stop them first."
)
NOTHING_BEGUN = Refusal(
    service.NothingBegun,
    409,
    "nothing_begun",
    "Nothing is being set up in this sign-in, or it took too long. Begin again.",
)
NUMBER_REFUSED = Refusal(NumberRefused, 422, "number_refused", None, "number")
SWITCHED_OFF = Refusal(sign_in.SwitchedOff, 404, "not_found", "There is nothing at this address.")

blueprint = ApiBlueprint("one_time_codes", __name__, "", "Codes that are sent.")
CHANNELS = "/me/one-time-codes"


@blueprint.get(CHANNELS)
@signed_in
@blueprint.response(200, ChannelListSchema)
def list_channels() -> dict[str, Any]:
    """List where codes go."""
    return {"items": service.channels_of(current_principal.account_id)}


@blueprint.post(f"{CHANNELS}/email")
@signed_in
@recently_authenticated()
@guessing("second_factor_send")
@blueprint.refuses(TAKEN, NOT_SENT, SESSION_ENDED)
@blueprint.response(204)
def begin_email() -> None:
    """Have a code mailed, to see that it arrives."""
    _begin(service.EMAIL, "")


@blueprint.post(f"{CHANNELS}/sms")
@signed_in
@recently_authenticated()
@guessing("second_factor_send")
@blueprint.refuses(NO_SUCH_CHANNEL, TAKEN, NUMBER_REFUSED, NOT_SENT, SESSION_ENDED)
@blueprint.arguments(NumberSchema)
@blueprint.response(204)
def begin_sms(sent: dict[str, str]) -> None:
    """Have a code sent to a phone, to see that it arrives."""
    if not sms.is_on():
        raise service.NoSuchChannel
    _begin(service.SMS, sent["number"])


def _begin(channel: str, number: str) -> None:
    place = presence_of(current_principal)
    deliver = service.begin(current_principal.account_id, place, channel, number)
    db.session.commit()
    deliver()


@blueprint.post(f"{CHANNELS}/confirm")
@signed_in
@recently_authenticated()
@guessing("second_factor")
@blueprint.refuses(NOTHING_BEGUN, CODE_REFUSED, TAKEN, SESSION_ENDED)
@blueprint.arguments(CodeSchema)
@blueprint.response(200, ChannelSchema)
def confirm(sent: dict[str, str]) -> CodeChannel:
    """Let codes go where one has arrived; every other sign-in of the account ends."""
    user_id, place = current_principal.account_id, presence_of(current_principal)
    keep = current_principal.login_session_id
    added = service.confirm(user_id, place, sent["code"], keep=keep)
    db.session.commit()
    return added


@blueprint.post(f"{CHANNELS}/<string(maxlength=10):channel>/stop")
@signed_in
@recently_authenticated()
@blueprint.refuses(NO_SUCH_CHANNEL)
@blueprint.response(204)
def stop(channel: str) -> None:
    """Send no more codes this way; every other sign-in of the account ends."""
    service.stop(current_principal, channel)
    db.session.commit()


@blueprint.post("/auth/code")
@public
@guessing("mailed_code_send")
@blueprint.refuses(SWITCHED_OFF)
@blueprint.arguments(AskedCodeSchema)
@blueprint.response(200, MailedSchema)
def ask_for_code(sent: dict[str, Any]) -> dict[str, str]:
    """Have a code mailed to sign in with; the answer is the same for every address."""
    sign_in.check_on()
    origin = door.origin(sent.get("device"))
    attempt = sign_in.begin(sent["email"], origin.device)
    db.session.commit()
    return {"attempt": attempt, "device": origin.device}


@blueprint.post("/auth/token/mailed-code")
@public
@guessing("mailed_code")
@blueprint.refuses(SWITCHED_OFF, door.ATTEMPT_REFUSED, door.SIGN_IN_REFUSED, CODE_REFUSED)
@blueprint.arguments(MailedCodeSchema)
@blueprint.response(200, SignedInSchema)
def come_by_code(sent: dict[str, Any]) -> dict[str, Any] | Response:
    """Take a mailed code to the door, and get tokens."""
    sign_in.check_on()
    try:
        user = sign_in.finish(sent["attempt"], sent["email"], sent["code"], sent["device"])
    except CodeRefused:
        db.session.commit()  # a refusal is a result too: listeners may have written of it
        raise
    return door.arrive(user, amr=("otp",), device=sent["device"])


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
