"""The log of what happened to every account."""

from typing import Any

from flask import Response

from app.admin import log_service
from app.admin.api_schemas import EventPageSchema, LogQuerySchema, NarrowingSchema
from app.admin.base_api import blueprint
from app.admin.download import as_download
from app.api.pages import read_page
from app.core.access import permission_required, recently_authenticated
from app.extensions import db
from app.security_log.service import Wanted, entries_after


@blueprint.get("/security-log")
@permission_required("security_log:read")
@blueprint.arguments(LogQuerySchema, location="query")
@blueprint.response(200, EventPageSchema)
def security_log(sent: dict[str, Any]) -> dict[str, Any]:
    """List what happened to every account, the newest first."""
    wanted = _wanted(sent)
    page = read_page(
        f"log of {wanted}",
        sent,
        find=lambda after, limit: entries_after(wanted, after, limit),
        key=lambda entry: (entry.happened_at, entry.id),
    )
    return {**page, "items": log_service.lines(page["items"])}


@blueprint.post("/security-log/export")
@permission_required("security_log:read")
@recently_authenticated()
@blueprint.arguments(NarrowingSchema)
@blueprint.response(200, {"type": "string"}, content_type="text/csv")
def export(sent: dict[str, Any]) -> Response:
    """Take events away as a table (RFC 4180). That you did is an event itself."""
    table = log_service.export(_wanted(sent))
    db.session.commit()
    return as_download(table)


def _wanted(sent: dict[str, Any]) -> Wanted:
    return log_service.narrow(
        sent.get("account"), sent.get("kind"), sent.get("since"), sent.get("until")
    )
