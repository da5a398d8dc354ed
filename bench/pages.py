"""What a request costs, as a ratio to a bare Flask route in the same run: `python -m bench.pages`.

Each slice of a case stands between two slices of the reference, and the median of the paired
ratios is printed, so that a busy machine moves both and the ratio hardly at all.
"""

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time

from flask import Flask, jsonify
from werkzeug.test import EnvironBuilder

from app import create_app
from app.extensions import db
from tests.conftest import SETTINGS, Browser, accounts

ROUNDS = 15
CALLS = 60
PASSWORD = "orbit-lantern-maple-quiet"  # noqa: S105 - an account of this run alone


def bare_flask() -> Flask:
    """Return the smallest Flask application that answers JSON."""
    app = Flask("bare")
    app.config["SECRET_KEY"] = "k" * 32
    app.get("/")(lambda: jsonify(hello="world"))
    return app


def caller(app: Flask, path: str, cookie: str = "") -> Callable[[], None]:
    """Return a function that calls the application as a server would."""
    headers = {"Cookie": cookie} if cookie else {}
    builder = EnvironBuilder(path=path, base_url="http://localhost:8000", headers=headers)
    environ = builder.get_environ()

    def call() -> None:
        for _ in app.wsgi_app(dict(environ), lambda *_: lambda _: None):
            pass

    return call


def slice_of(call: Callable[[], None]) -> float:
    """Return the CPU seconds of some calls."""
    began = process_time()
    for _ in range(CALLS):
        call()
    return process_time() - began


def ratio(call: Callable[[], None], reference: Callable[[], None]) -> float:
    """Return how many references one call costs."""
    slice_of(call)
    rounds = []
    for _ in range(ROUNDS):
        before, cost, after = slice_of(reference), slice_of(call), slice_of(reference)
        rounds.append(cost / ((before + after) / 2))
    return median(rounds)


def main() -> None:
    """Measure a public page, a page with a session, and a form."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**SETTINGS, "DATABASE_URL": f"sqlite:///{Path(folder)}/bench.db"}
        app = create_app(settings)
        # Lines are written in production too, but to a pipe, which is not what is measured here.
        logging.getLogger().setLevel(logging.ERROR)
        with app.app_context():
            db.create_all()
            accounts.create(email="a@example.com", name="Ada", password=PASSWORD, confirmed=True)
            db.session.commit()
        browser = Browser(app)
        browser.sign_in("a@example.com", PASSWORD)
        browser.get("/")  # the first page puts the form token into the cookie
        cookie = f"session={browser.cookie()}"
        reference = caller(bare_flask(), "/")
        cases = {
            "health, public JSON": caller(app, "/health/live"),
            "home page, nobody signed in": caller(app, "/"),
            "home page, signed in": caller(app, "/", cookie),
            "form page (create account)": caller(app, "/register"),
            "account page, a line from each feature": caller(app, "/account", cookie),
            "devices page, one session": caller(app, "/account/devices", cookie),
        }
        for name, call in cases.items():
            sys.stdout.write(f"{name:40} {ratio(call, reference):5.1f} x bare Flask\n")
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
