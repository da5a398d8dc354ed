"""Example things: everybody's own, and nobody else's."""

from flask import Flask

from app.core.feature import Feature

feature = Feature(
    "example_things",
    needs=("login",),
    title="Example things",
    summary="The example things that somebody keeps.",
)


def init_app(app: Flask) -> None:
    """Register the pages, a link in the menu, and what is handed out of a person's data."""
    from app.accounts.points import ACCOUNT_MENU, EXPORTS, MenuLink
    from app.example_things import service, views

    app.register_blueprint(views.blueprint)
    ACCOUNT_MENU.add(app, MenuLink("Example things", "example_things.index"))
    EXPORTS.add(app, service.export)
