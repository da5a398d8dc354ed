"""Home page and health."""

from flask import Blueprint, Response, jsonify, render_template

from app.core.access import public
from app.core.health import HEALTH_CHECKS
from app.core.registry import registry

blueprint = Blueprint("site", __name__)
public(blueprint)


@blueprint.get("/")
def home() -> str:
    """Show what this house has and the next thing to do."""
    return render_template("site/home.html", features=registry().features, has=registry().has)


@blueprint.get("/health/live")
def live() -> Response:
    """Say that the process answers; a failing database must not get it restarted."""
    return jsonify(status="live")


@blueprint.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Say whether requests can be served, without saying why not: the log knows."""
    unready = [part for check in HEALTH_CHECKS for part in check()]
    return jsonify(status="unready" if unready else "ready"), 503 if unready else 200
