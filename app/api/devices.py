"""The API's face: where the account is signed in, and how a sign-in is ended from elsewhere."""

from typing import Any
from uuid import UUID

from flask import Flask

from app.api.accounts_schemas import LinkSchema
from app.api.blueprint import ApiBlueprint, add_to_api
from app.api.devices_schemas import DisownedSchema, SignInPageSchema
from app.api.pages import PageQuerySchema, read_page
from app.api.problems import Refusal
from app.core.access import public, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.tokens import TokenRefused
from app.devices import service
from app.extensions import db
from app.login.service import sign_out_everywhere

NO_SUCH_DEVICE = Refusal(
    service.NoSuchDevice,
    404,
    "no_such_device",
    "There is no such sign-in in your account, or it is over.",
)
LINK_REFUSED = Refusal(
    TokenRefused,
    410,
    "link_refused",
    "The link is used up. It works once, for seven days. GET /api/v1/me/devices lists yours.",
)

blueprint = ApiBlueprint("devices", __name__, "", "Where you are signed in.")
signed_in(blueprint)


@blueprint.get("/me/devices")
@blueprint.arguments(PageQuerySchema, location="query")
@blueprint.response(200, SignInPageSchema)
def devices(sent: dict[str, Any]) -> dict[str, Any]:
    """List where you are signed in, the newest sign-in first."""
    return read_page(
        "devices",
        sent,
        find=lambda after, limit: service.devices_after(current_principal, after, limit),
        key=lambda device: (device.signed_in_at, device.public_id.hex),
    )


@blueprint.delete("/me/devices/<uuid:public_id>")
@recently_authenticated()
@blueprint.refuses(NO_SUCH_DEVICE)
@blueprint.response(204)
def end(public_id: UUID) -> None:
    """End one sign-in."""
    service.end_device(current_principal, public_id)
    db.session.commit()


@blueprint.post("/me/devices/end-others")
@recently_authenticated()
@blueprint.response(204)
def end_others() -> None:
    """End every sign-in but this one."""
    sign_out_everywhere(current_principal, but_this=True)
    db.session.commit()


@blueprint.post("/auth/not-me")
@public
@blueprint.refuses(LINK_REFUSED)
@blueprint.arguments(LinkSchema)
@blueprint.response(200, DisownedSchema)
def not_me(sent: dict[str, str]) -> dict[str, bool]:
    """End the sign-in that a mail told of; the link in that mail is the proof."""
    ended = service.disown(sent["token"])
    db.session.commit()
    return {"ended": ended}


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
