"""The browser's face: the log of every account, narrowed, page by page, and as a table."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.admin import log_service
from app.admin.download import as_download
from app.admin.log_forms import LogForm
from app.core.access import permission_required, recently_authenticated
from app.core.lists import CursorRefused, ListPage, read_list
from app.extensions import db
from app.security_log.service import Entry, Wanted, entries_after

ON_A_PAGE = 25

blueprint = Blueprint("log", __name__, url_prefix="/security-log")
permission_required("security_log:read")(blueprint)


@blueprint.get("")
def index() -> Response | tuple[str, int]:
    """Show what happened, the newest first."""
    form = LogForm(request.args)
    if not form.validate():
        return render_template("admin/log.html", form=form, lines=(), page=None), 422
    wanted = form.wanted()
    try:
        page = _page(wanted)
    except CursorRefused:  # of another list, or cut off in a bookmark
        flash("That page is not there any more. This is the first one.")
        return redirect(url_for("admin.log.index", **form.as_address()), 303)
    lines = log_service.lines(page.items)
    return render_template("admin/log.html", form=form, lines=lines, page=page, wanted=wanted), 200


def _page(wanted: Wanted) -> ListPage[Entry]:
    return read_list(
        f"log of {wanted}",
        request.args.get("cursor"),
        ON_A_PAGE,
        find=lambda after, limit: entries_after(wanted, after, limit),
        key=lambda entry: (entry.happened_at, entry.id),
    )


@blueprint.route("/export", methods=["GET", "POST"])
@recently_authenticated()
def export() -> Response | tuple[str, int]:
    """Say what would be taken away; pressing the button sends it as a table.

    Taking it is written down, so it is no GET: those change nothing.
    """
    form = LogForm(request.args)
    if not form.validate():
        return render_template("admin/log.html", form=form, lines=(), page=None), 422
    if request.method != "POST":
        return render_template("admin/log_export.html", form=form), 200
    table = log_service.export(form.wanted())
    db.session.commit()
    return as_download(table)
