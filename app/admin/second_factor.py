"""The browser's face of a lost second factor: a bridge to the feature of second factors."""

from uuid import UUID

from flask import Blueprint, Flask, request
from werkzeug.wrappers import Response

from app.accounts.service import NoSuchAccount
from app.admin import second_factor_service as service
from app.admin.user_views import done, not_there
from app.core.access import permission_required, recently_authenticated, signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.slots import SLOTS, SlotPart

blueprint = Blueprint("admin_second_factor", __name__, url_prefix="/admin/users")
signed_in(permission_required("users:read")(blueprint))
blueprint.register_error_handler(NoSuchAccount, not_there)


@blueprint.errorhandler(service.NoReason)
def no_reason(_: service.NoReason) -> Response:
    """Ask for the reason, which the owner receives by email."""
    return error_page(422, "Say why the factor is taken away: choose a reason.", "A reason")


@blueprint.post("/<uuid:public_id>/factors/<factor>/take-away")
@permission_required("users:write")
@recently_authenticated()
def take_away(public_id: UUID, factor: str) -> Response:
    """Remove a lost second factor."""
    reason = request.form.get("reason", "")
    user = service.take_factor_away(current_principal, public_id, factor, reason)
    return done(user, "The factor was removed. The owner was notified by email.")


def init_app(app: Flask) -> None:
    """Register the route, and show the factors on the page of an account."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(factors_of=service.factors_of, factor_reasons=service.REASONS)
    SLOTS.add(app, SlotPart("admin.user", "admin/second_factor.html"))
