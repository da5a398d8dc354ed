"""A token lent to a page, and the page that shows the API to people."""

from typing import Any

from flask import Blueprint, render_template, session

from app.api import documentation, jwt
from app.api.openapi import document
from app.api.refresh_tokens import page_token
from app.core.access import public, signed_in
from app.core.current import current_principal
from app.login.browser import SECRET

blueprint = Blueprint("api", __name__)
blueprint.add_app_template_filter(documentation.with_code)


@blueprint.get("/developers")
@public
def developers() -> str:
    """Show the API to people.

    It stands outside /api, because it is a page: there the cookie counts, and whoever is signed
    in can borrow a token.
    """
    made = document()
    return render_template(
        "api/developers.html", document=made, sections=documentation.sections(made)
    )


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
