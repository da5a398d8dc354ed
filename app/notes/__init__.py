"""Notes: everybody's own, and nobody else's. An example of a feature of your own, to copy.

Follows OWASP ASVS 5.0.0, V8: who may see a record is decided by the query that finds it. Adds
to the house a table, the pages under /notes, a link in the menu and a draft kept at sign-in.
"""

from flask import Flask

from app.core.feature import Feature

feature = Feature(
    "notes",
    needs=("login",),
    offered="recommended",
    title="Notes",
    summary="Private notes with search: an example of a feature of your own, to copy.",
)


def init_app(app: Flask) -> None:
    """Register the pages, and keep an unsaved note at sign-in."""
    from app.accounts.points import ACCOUNT_MENU, EXPORTS, MenuLink
    from app.login.points import KEPT_AT_SIGN_IN
    from app.notes import service, views

    app.register_blueprint(views.blueprint)
    ACCOUNT_MENU.add(app, MenuLink("Notes", "notes.index"))
    KEPT_AT_SIGN_IN.add(app, service.DRAFT)
    EXPORTS.add(app, service.export)
