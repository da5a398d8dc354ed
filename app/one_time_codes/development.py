"""The text messages of development, on a page. Never in production."""

from flask import Blueprint, abort, render_template, request
from sqlalchemy import select

from app.core.access import public
from app.core.encryption import decrypt
from app.core.hosts import LOOPBACK
from app.extensions import db
from app.one_time_codes.models import InboxMessage

SHOWN = 20

blueprint = Blueprint("text_messages", __name__, url_prefix="/dev/text-messages")
public(blueprint)


@blueprint.before_request
def only_this_machine() -> None:
    """Refuse the network, also when the server was started on an open address by mistake."""
    if request.remote_addr not in LOOPBACK:
        abort(404)


@blueprint.get("")
def inbox() -> str:
    """Show the newest messages."""
    rows = db.session.scalars(select(InboxMessage).order_by(InboxMessage.id.desc()).limit(SHOWN))
    messages = [(row.number, row.sent_at, decrypt(row.text, row.number)) for row in rows]
    return render_template("one_time_codes/text_messages.html", messages=messages)
