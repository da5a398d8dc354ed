"""The JSON API: the same accounts and the same rules, shown to programs.

Follows RFC 6750 for bearer tokens, RFC 8725 for JWT, RFC 9700 for refresh tokens and RFC 9457 for
errors. Adds to the house everything below /api, access and refresh tokens over the one table of
login sessions, the OpenAPI document with its page, and `POST /account/token`.
"""

from flask import Flask

from app.api.settings import SETTINGS
from app.core.feature import Feature, Notice

feature = Feature(
    "api",
    needs=("login",),
    offered="recommended",
    title="API",
    summary="A JSON API with access and refresh tokens, and an OpenAPI document.",
    settings=SETTINGS,
    notices=(Notice("refresh_token_reused", "api/mail/reused"),),
)


def init_app(app: Flask) -> None:
    """Set up tokens, documents and errors below /api, and register its own routes."""
    from app.accounts.points import EXPORTS
    from app.api import api, bearer, blueprint, cors, face, jwt, refresh_tokens, views
    from app.core.face import AUTHENTICATORS, FACES
    from app.core.slots import SLOTS, SlotPart

    face.configure(app)
    blueprint.configure(app)
    jwt.configure(app)
    cors.configure(app)
    app.register_blueprint(views.blueprint)
    FACES.add(app, face.FACE)
    AUTHENTICATORS.add(app, bearer.Bearer())
    EXPORTS.add(app, refresh_tokens.export)
    blueprint.add_to_api(app, api.blueprint)
    SLOTS.add(app, SlotPart("site.footer", "api/footer.html"))
