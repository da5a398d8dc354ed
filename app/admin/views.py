"""The browser's face: the front page, and around it what every page of the administration asks."""

from flask import Blueprint, render_template

from app.admin import user_service
from app.admin.log_views import blueprint as log
from app.admin.role_views import blueprint as roles
from app.admin.user_views import blueprint as users
from app.core.access import permission_required, signed_in

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
signed_in(blueprint)
for _child in (users, roles, log):
    blueprint.register_blueprint(_child)


@blueprint.get("")
@permission_required("users:read", "roles:read", "security_log:read")
def front() -> str:
    """Show a few figures, and the way to everything else, to whoever may see any of it."""
    return render_template("admin/front.html", figures=user_service.figures())
