"""The browser's face: list, add, change, delete."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import signed_in
from app.core.errors import error_page
from app.core.current import current_principal
from app.example_things import service
from app.example_things.forms import ExampleThingForm
from app.extensions import db

blueprint = Blueprint("example_things", __name__, url_prefix="/example-things")
signed_in(blueprint)


@blueprint.errorhandler(service.NoSuchExampleThing)
def not_there(_: service.NoSuchExampleThing) -> Response:
    """Answer as for an address that never was, whoever's it may be."""
    return error_page(404)


@blueprint.get("")
def index() -> str:
    """Show what whoever asks has."""
    page = service.list_page(current_principal, request.args.get("page", 1, int))
    return render_template("example_things/index.html", page=page)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Add one."""
    form = ExampleThingForm()
    if form.validate_on_submit():
        service.create(current_principal, title=form.title.data)
        db.session.commit()
        flash("It is saved.", "success")
        return redirect(url_for("example_things.index"), 303)
    return render_template("example_things/new.html", form=form), 422 if form.errors else 200


@blueprint.route("/<uuid:public_id>", methods=["GET", "POST"])
def change(public_id: UUID) -> Response | tuple[str, int]:
    """Show one and take its changes."""
    row = service.get(current_principal, public_id)
    form = ExampleThingForm(obj=row)
    if form.validate_on_submit():
        service.change(current_principal, public_id, title=form.title.data)
        db.session.commit()
        flash("It is saved.", "success")
        return redirect(url_for("example_things.index"), 303)
    page = render_template("example_things/change.html", form=form, row=row)
    return page, 422 if form.errors else 200


@blueprint.get("/<uuid:public_id>/delete")
def ask_to_delete(public_id: UUID) -> str:
    """Ask once more."""
    row = service.get(current_principal, public_id)
    return render_template("example_things/delete.html", row=row)


@blueprint.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> Response:
    """Delete one."""
    service.delete(current_principal, public_id)
    db.session.commit()
    flash("It is deleted.", "success")
    return redirect(url_for("example_things.index"), 303)
