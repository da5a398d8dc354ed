"""Notices: what happens to an account is told to its owner, by mail.

The features declare which event causes which mail. So nothing that changes an account has to
remember to tell, and the table in the documents cannot differ from what is sent.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask

from app.accounts.models import User
from app.core import events
from app.core.house import house
from app.core.outbox import post_mail, public_address
from app.extensions import db


def configure(app: Flask) -> None:
    """Hear every event, and let the templates of mails build addresses from PUBLIC_URL."""
    app.jinja_env.globals["public_address"] = public_address
    for name, signal in events.signals.items():
        signal.connect(_receiver(name), weak=False)


@cache
def _receiver(event: str) -> Callable[..., None]:
    """Return what hears an event: one for the whole process, whichever house it happens in."""

    def post(_: Any, **said: Any) -> None:
        for notice in house().notices.get(event, ()):
            facts = notice.facts(**said)
            if facts is not None:
                email, name = _whom(said)
                context = {**said, "name": name, **facts}
                post_mail(notice.mail, context.pop("to", email), **context)

    return post


def _whom(said: dict[str, Any]) -> tuple[str, str]:
    """Return whom to tell; an event about an account that is not there says the address itself."""
    if "email" in said:
        return said["email"], said.get("name", "")
    user = db.session.get_one(User, said["user_id"])
    return user.email, user.name
