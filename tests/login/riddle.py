"""A step that everybody must pass at the door, for the tests of every feature."""

from collections.abc import Callable

from flask import Flask, redirect, request, session
from werkzeug.wrappers import Response

from app.core import tokens
from app.core.access import public
from app.login import browser as door
from app.login import service
from app.login.attempt import Attempt, resume
from app.login.points import LOGIN_STEPS, LoginStep

RIDDLE = "/login/riddle"
ANSWER = "a river"


def everybody(_: Attempt) -> bool:
    return True


def add_riddle_page(app: Flask) -> None:
    """Add the page; nobody is asked yet."""

    @app.route(RIDDLE, methods=["GET", "POST"])
    @public
    def riddle_page() -> Response | str:
        try:
            attempt = resume(session.get(door.PENDING, ""), door.origin())
        except tokens.TokenRefused:
            return redirect("/login", 303)
        if request.form.get("answer") == ANSWER:
            attempt.pass_step("riddle", "kba")
            return door.answer(service.complete(attempt), attempt.next)
        return "What runs and never walks?"


def ask_riddle(app: Flask, applies: Callable[[Attempt], bool] = everybody) -> None:
    """Ask from now on, after every other step."""
    LOGIN_STEPS.add(app, LoginStep("riddle", applies, "riddle_page"))
    app.extensions.pop("openapi", None)  # it names the steps  # feature: api
