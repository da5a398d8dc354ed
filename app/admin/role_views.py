"""The browser's face: which roles there are, what each allows, and who has it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.admin import role_service
from app.admin.role_forms import REFUSED, PermissionsForm, RoleForm
from app.core.access import permission_required, recently_authenticated
from app.core.current import current_principal
from app.core.errors import error_page
from app.core.lists import CursorRefused, ListPage, read_list
from app.core.registry import registry
from app.extensions import db
from app.roles import service as roles

ON_A_PAGE = 25

blueprint = Blueprint("roles", __name__)
permission_required("roles:read")(blueprint)


@blueprint.errorhandler(roles.NoSuchRole)
def no_such_role(_: roles.NoSuchRole) -> Response:
    """Answer as for an address that never was."""
    return error_page(404)


@blueprint.errorhandler(roles.RoleFixed)
def role_fixed(_: roles.RoleFixed) -> Response:
    """Say that this one role is code."""
    reason = "The role of administrators allows everything. It is neither changed nor removed."
    return error_page(409, reason, "This role stays as it is")


@blueprint.get("/roles")
def index() -> str:
    """Show every role."""
    return render_template("admin/roles.html", roles=roles.list_roles())


@blueprint.route("/new-role", methods=["GET", "POST"])  # a role may be called "new"
@permission_required("roles:write")
@recently_authenticated()
def new() -> Response | tuple[str, int]:
    """Make a role."""
    form = RoleForm()
    if form.validate_on_submit():
        try:
            role = role_service.create_role(current_principal, form.name.data, form.chosen())
        except REFUSED as refusal:
            form.refuse(refusal)
        else:
            db.session.commit()
            flash(f"The role {role.name} is made.", "success")
            return redirect(url_for("admin.roles.show", name=role.name), 303)
    return render_template("admin/role_new.html", form=form), 422 if form.errors else 200


@blueprint.get("/roles/<name>")
def show(name: str) -> Response | str:
    """Show what a role allows, and who has it to those who may see accounts."""
    role = roles.get_role(name)
    try:
        holders = _holders(name) if current_principal.can("users:read") else None
    except CursorRefused:
        return redirect(url_for("admin.roles.show", name=name), 303)
    return render_template(
        "admin/role.html",
        role=role,
        holders=holders,
        about=registry().permissions,
        is_changeable=role_service.is_changeable(current_principal, name),
    )


def _holders(name: str) -> ListPage[role_service.Holder]:
    return read_list(
        f"holders of {name}",
        request.args.get("cursor"),
        ON_A_PAGE,
        find=lambda after, limit: role_service.holders_after(name, after, limit),
        key=lambda holder: (holder.email,),
    )


@blueprint.route("/roles/<name>/permissions", methods=["GET", "POST"])
@permission_required("roles:write")
@recently_authenticated()
def change(name: str) -> Response | tuple[str, int]:
    """Let a role allow something else."""
    role = role_service.get_changeable(current_principal, name)
    form = PermissionsForm(data={"permissions": role.permissions})
    if form.validate_on_submit():
        try:
            role_service.set_permissions(current_principal, name, form.chosen())
        except REFUSED as refusal:
            form.refuse(refusal)
        else:
            db.session.commit()
            flash(f"The role {name} is changed. It holds from the next request on.", "success")
            return redirect(url_for("admin.roles.show", name=name), 303)
    page = render_template("admin/role_change.html", form=form, role=role)
    return page, 422 if form.errors else 200


@blueprint.route("/roles/<name>/delete", methods=["GET", "POST"])
@permission_required("roles:write")
@recently_authenticated()
def delete(name: str) -> Response | str:
    """Say who loses it; pressing the button removes it."""
    if request.method != "POST":
        role = role_service.get_changeable(current_principal, name)
        return render_template("admin/role_delete.html", role=role)
    role_service.delete_role(current_principal, name)
    db.session.commit()
    flash(f"The role {name} is gone.", "success")
    return redirect(url_for("admin.roles.index"), 303)
