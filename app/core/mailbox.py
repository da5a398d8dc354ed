# file of feature: accounts
"""The development inbox: every mail the application would send, on a page. Never in production."""

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import select

from app.core.access import public
from app.core.encryption import DecryptionFailed
from app.core.hosts import LOOPBACK
from app.core.outbox import OutboxMail
from app.extensions import db

SHOWN = 50

blueprint = Blueprint("mailbox", __name__, url_prefix="/dev/mailbox")
public(blueprint)


@blueprint.before_request
def only_this_machine() -> None:
    """Refuse the network, also when the server was started on an open address by mistake."""
    if request.remote_addr not in LOOPBACK:
        abort(404)


@blueprint.get("")
def inbox() -> str:
    """Show the newest mails."""
    newest = select(OutboxMail).order_by(OutboxMail.id.desc()).limit(SHOWN)
    return render_template("core/inbox.html", mails=db.session.scalars(newest).all())


@blueprint.get("/<int:mail_id>")
def mail(mail_id: int) -> str:
    """Show one mail."""
    found = db.get_or_404(OutboxMail, mail_id)
    return render_template("core/mail.html", mail=found, text=_parts(found)["text"])


@blueprint.get("/<int:mail_id>/html")
def mail_html(mail_id: int) -> Response:
    """Return the HTML part alone, under a policy that lets it do nothing but look like itself."""
    found = db.get_or_404(OutboxMail, mail_id)
    answer = Response(_parts(found)["html"])
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-top-navigation-by-user-activation"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _parts(found: OutboxMail) -> dict[str, str]:
    try:
        return found.parts()
    except DecryptionFailed:
        return dict.fromkeys(("text", "html"), "ENCRYPTION_KEYS no longer holds this mail's key.")
