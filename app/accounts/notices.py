"""Notices: what happens to an account is told to its owner, by mail.

The features declare which event causes which mail. So nothing that changes an account has to
remember to tell, and the table in the documents cannot differ from what is sent.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, cast

from flask import Flask, current_app

from app.accounts.models import User
from app.core.events import EVERY, Event
from app.core.outbox import post_mail, public_address
from app.core.registry import registry
from app.extensions import db


def configure(app: Flask) -> None:
    """Let the templates of mails build addresses from PUBLIC_URL."""
    app.jinja_env.globals["public_address"] = public_address


@EVERY.connect
def post(event: Event) -> None:
    """Post the mails that an event causes."""
    for mail, find_facts in _mails(current_app)[event.kind]:
        facts = find_facts(event)
        if facts is not None:
            email, name = _whom(event)
            context = {**vars(event), "name": name, **facts}
            post_mail(mail, context.pop("to", email), **context)


Mails = dict[str, list[tuple[str, Callable[[Any], dict[str, Any] | None]]]]


def _mails(app: Flask) -> Mails:
    """Return by event the mails that are due, each with what finds its facts; made once."""
    if "mails" not in app.extensions:
        mails: Mails = defaultdict(list)
        for feature in registry().features:
            for notice in feature.notices:
                if not notice.carries_link:
                    find = feature.resolve(notice.facts) if notice.facts else lambda _: {}
                    mails[notice.event].append((notice.mail, find))
        app.extensions["mails"] = mails
    return cast(Mails, app.extensions["mails"])


def _whom(event: Any) -> tuple[str, str]:
    """Return whom to tell; an event about an account that is not there has the address itself."""
    if hasattr(event, "email"):
        return event.email, getattr(event, "name", "")
    user = db.session.get_one(User, event.user_id)
    return user.email, user.name
