"""The browser's face: list, write, change, delete."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.access import signed_in
from app.core.current import current_principal
from app.core.errors import error_page
from app.extensions import db
from app.notes import service
from app.notes.forms import DraftForm, NoteForm

blueprint = Blueprint("notes", __name__, url_prefix="/notes")
signed_in(blueprint)


@blueprint.errorhandler(service.NoSuchNote)
def no_such_note(_: service.NoSuchNote) -> Response:
    """Answer as for an address that never was, whoever's note it may be."""
    return error_page(404)


@blueprint.get("")
def index() -> str:
    """Show the notes, or those a search finds."""
    search = request.args.get("search", "").strip()[: service.LONGEST_SEARCH]
    page = request.args.get("page", 1, int)
    found = service.list_notes(current_principal, search=search, page=page)
    draft = service.find_draft(current_principal)
    return render_template("notes/index.html", page=found, search=search, draft=draft)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response | tuple[str, int]:
    """Write a note, from the draft if there is one."""
    draft = service.find_draft(current_principal)
    form = NoteForm(data=draft)
    if form.validate_on_submit():
        service.create_note(current_principal, title=form.title.data, text=form.text.data)
        db.session.commit()
        flash("The note is saved.", "success")
        return redirect(url_for("notes.index"), 303)
    return render_template("notes/new.html", form=form, draft=draft), 422 if form.errors else 200


@blueprint.post("/draft")
def keep_draft() -> Response | tuple[str, int]:
    """Keep what is not finished: for the button, and for the script that keeps while you type."""
    form = DraftForm()
    if not form.validate_on_submit():
        return render_template("notes/new.html", form=form, draft=None), 422
    service.keep_draft(current_principal, title=form.title.data, text=form.text.data)
    db.session.commit()
    if not form.keep.data:
        return "", 204
    flash("The draft is kept until you sign out.", "success")
    return redirect(url_for("notes.index"), 303)


@blueprint.post("/draft/drop")
def drop_draft() -> Response:
    """Throw the draft away."""
    service.drop_draft(current_principal)
    db.session.commit()
    flash("The draft is gone.", "success")
    return redirect(url_for("notes.index"), 303)


@blueprint.route("/<uuid:public_id>", methods=["GET", "POST"])
def change(public_id: UUID) -> Response | tuple[str, int]:
    """Show a note and take its changes."""
    note = service.get_note(current_principal, public_id)
    form = NoteForm(obj=note)
    if form.validate_on_submit():
        service.change_note(
            current_principal, public_id, title=form.title.data, text=form.text.data
        )
        db.session.commit()
        flash("The note is saved.", "success")
        return redirect(url_for("notes.index"), 303)
    return render_template("notes/change.html", form=form, note=note), 422 if form.errors else 200


@blueprint.get("/<uuid:public_id>/delete")
def ask_to_delete(public_id: UUID) -> str:
    """Ask once more."""
    return render_template("notes/delete.html", note=service.get_note(current_principal, public_id))


@blueprint.post("/<uuid:public_id>/delete")
def delete(public_id: UUID) -> Response:
    """Delete a note."""
    service.delete_note(current_principal, public_id)
    db.session.commit()
    flash("The note is deleted.", "success")
    return redirect(url_for("notes.index"), 303)
