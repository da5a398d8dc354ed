"""What tests of sent codes need: ways that codes go, and eyes to read what was sent."""

import re

from flask import Flask

from app.accounts import service as accounts
from app.core.encryption import decrypt
from app.extensions import db
from app.one_time_codes import service
from app.one_time_codes.models import CodeChannel, InboxMessage
from tests.conftest import PASSWORD, Mailbox

PHONE = "+491701234567"
SIX_DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")


def give_channel(app: Flask, email: str, channel: str = service.EMAIL, number: str = "") -> None:
    """Let codes go to an account, as since long ago."""
    with app.app_context():
        user_id = accounts.get_user(email).id
        db.session.add(CodeChannel(user_id=user_id, channel=channel, number=number))
        db.session.commit()


def account_in(app: Flask, email: str, name: str) -> int:
    """Make an account that gets codes by mail, and return its number."""
    with app.app_context():
        user = accounts.create(email=email, name=name, password=PASSWORD, confirmed=True)
        db.session.commit()
        user_id = user.id
    give_channel(app, email)
    return user_id


def mailed_codes(app: Flask, email: str) -> list[str]:
    """Return the codes that were mailed to an address, the oldest first."""
    mails = [text for _, subject, text in Mailbox(app).mails(email) if "Your code" in subject]
    return [SIX_DIGITS.findall(text)[0] for text in mails]


def texts(app: Flask) -> list[tuple[str, str]]:
    """Return number and words of each text message."""
    with app.app_context():
        rows = db.session.scalars(db.select(InboxMessage).order_by(InboxMessage.id))
        return [(row.number, decrypt(row.text, row.number)) for row in rows]


def another(code: str) -> str:
    """Return six digits that are not this code."""
    return f"{(int(code) + 1) % 10**6:06}"
