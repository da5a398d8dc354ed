"""The house itself: home page, error pages and health.

Adds to the house the base layout that every other page stands in.
"""

from flask import Flask

from app.core.feature import Feature

feature = Feature(
    "site",
    needs=(),
    offered="always",
    title="The house",
    summary="Home page, error pages, security headers and health checks.",
)


def init_app(app: Flask) -> None:
    """Register the pages."""
    from app.site import views

    app.register_blueprint(views.blueprint)
