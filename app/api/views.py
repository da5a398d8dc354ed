"""The pages beside the API: its documentation, and a token lent to a page."""

from typing import Any

from flask import Blueprint, session

from app.api import jwt
from app.api.refresh_tokens import page_token
from app.core.access import signed_in
from app.core.principal import current_principal
from app.login.browser import SECRET

blueprint = Blueprint("api", __name__)


@blueprint.post("/account/token")
@signed_in
def lend_token() -> dict[str, Any]:
    """Lend a page of this site a token, so that its script can ask the API.

    It opens what the cookie opens and dies with it. No refresh token: a page has its cookie, and
    what a script can read, a script that was smuggled in can carry away.
    """
    return {
        "access_token": page_token(current_principal, session[SECRET]),
        "token_type": "Bearer",
        "expires_in": int(jwt.ACCESS_LIFETIME.total_seconds()),
    }
