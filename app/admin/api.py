"""The API's face of the administration: the use cases of its pages, by the same rules."""

from flask import Flask

from app.admin import log_api, role_api, user_api
from app.admin.base_api import blueprint
from app.api.blueprint import add_to_api

__all__ = ["blueprint", "init_app", "log_api", "role_api", "user_api"]  # each adds its routes


def init_app(app: Flask) -> None:
    """Register the routes below /api."""
    add_to_api(app, blueprint)
