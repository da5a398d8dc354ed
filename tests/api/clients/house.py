"""What the example clients are tried on."""

from collections import Counter
from typing import Any

from flask import Flask, request, request_finished

from app.accounts import service as accounts
from app.core.principal import Principal
from app.extensions import db
from app.login import service
from tests.conftest import PASSWORD

EMAIL = "ada@example.com"


class House:
    """A served application with the account of Ada Lovelace, and with what it was asked."""

    def __init__(self, app: Flask, public_url: str) -> None:
        self.app, self.address, self.base = app, public_url, f"{public_url}/api/v1"
        self.asked: Counter[str] = Counter()
        request_finished.connect(self._heard, app)
        with app.app_context():
            made = accounts.create(
                email=EMAIL, name="Ada Lovelace", password=PASSWORD, confirmed=True
            )
            db.session.commit()
            self.owner = Principal(user_id=made.id)

    def _heard(self, _: Any, **__: Any) -> None:
        if request.method != "OPTIONS":  # a browser's own question, before that of the page
            self.asked[request.path.removeprefix("/api/v1")] += 1

    def end_every_sign_in(self) -> None:
        with self.app.app_context():
            service.sign_out_everywhere(self.owner)
            db.session.commit()
