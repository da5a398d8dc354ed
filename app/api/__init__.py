"""The JSON API: the same accounts and the same rules, shown to programs.

Follows RFC 6750 for bearer tokens, RFC 8725 for JWT, RFC 9700 for refresh tokens and RFC 9457 for
errors. Adds to the house everything below /api, access and refresh tokens over the one table of
login sessions, the OpenAPI document with its page, and `POST /account/token`.
"""

from app.api.settings import SETTINGS
from app.core.feature import Feature, Notice

feature = Feature(
    "api",
    needs=("login",),
    offered="recommended",
    title="API",
    summary="A JSON API with access and refresh tokens, and an OpenAPI document.",
    settings=SETTINGS,
    configure=("face:configure", "blueprint:configure", "jwt:configure", "cors:configure"),
    blueprints=("views:blueprint",),
    face="face:FACE",
    authenticator="bearer:Bearer",
    api="api:blueprint",
    notices=(Notice("refresh_token_reused", "api/mail/reused"),),
    export="refresh_tokens:export",
)
