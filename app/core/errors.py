"""Every refusal has a page that says what to do next; none of them is a traceback."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from app.core import events
from app.core.access import (
    NotAllowed,
    ReauthenticationRequired,
    SignInRequired,
)
from app.core.current import find_principal
from app.core.extension import SingleExtensionPoint
from app.core.face import face_here
from app.core.redirects import own_path, own_referrer

# Endpoints: of the sign-in page, and of the page that asks for proof of presence again.
SIGN_IN_PAGE = SingleExtensionPoint[str]("core.errors.SIGN_IN_PAGE", str)
REAUTHENTICATION_PAGE = SingleExtensionPoint[str]("core.errors.REAUTHENTICATION_PAGE", str)

ADVICE = {
    400: ("That did not arrive as expected", "Go back, reload the page and send it again."),
    401: ("Please sign in", "This page is for people who are signed in."),
    403: ("Not allowed", "You are signed in, but this is not for your account."),
    404: ("No such page", "Check the address, or begin again at the home page."),
    405: ("Not that way", "This address exists, but not for this kind of request."),
    410: ("This link is used up", "Ask for a new one; only the newest link works, and only once."),
    413: ("Too much at once", "Send less than one megabyte."),
    429: ("Too many attempts", "Wait a little, then try again."),
    500: ("Something broke on our side", "It has been noted. Try again in a moment."),
    503: ("Busy right now", "Too many people at once. Try again in a few seconds."),
}


class TooManyAttempts(Exception):
    """Somebody guesses, or sends too often.

    Attributes:
        retry_after: seconds until the next attempt is looked at.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Wait {retry_after} seconds.")
        self.retry_after = retry_after


class Busy(Exception):
    """The machine is at its limit; better a quick refusal than a site that stands still."""


def error_page(status: int, reason: str = "", title: str = "") -> Response:
    """Return the page for a status, with what is to be done about it."""
    heading, advice = ADVICE.get(status, (f"Error {status}", "Go back and try again."))
    page = render_template(
        "site/error.html", status=status, heading=title or heading, advice=reason or advice
    )
    return Response(page, status)


def _http_error(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return AnyResponse(error.get_response().get_data(), error.code)
    page = error_page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After", "WWW-Authenticate"):
            page.headers[name] = value
    return page


def _not_allowed(error: NotAllowed) -> AnyResponse:
    return error_page(403, error.description or "")


def _sign_in_first(error: SignInRequired) -> AnyResponse:
    """Send a person to the sign-in page and back, where there is one."""
    sign_in = SIGN_IN_PAGE.get()
    if sign_in is None:
        return _http_error(error)
    # A form that was sent cannot be sent again by a redirect, so only reading is resumed.
    wanted = own_path() if request.method == "GET" else None
    return redirect(url_for(sign_in, next=wanted), 303)


def _prove_presence(_: ReauthenticationRequired) -> AnyResponse:
    page = REAUTHENTICATION_PAGE.get()
    if page is None:
        return error_page(403)
    wanted = own_path() if request.method == "GET" else own_referrer()
    return redirect(url_for(page, next=wanted), 303)


def _too_many_attempts(error: TooManyAttempts) -> AnyResponse:
    page = error_page(429, f"Wait {error.retry_after} seconds, then try again.")
    page.headers["Retry-After"] = str(error.retry_after)
    return page


def _busy(_: Busy) -> AnyResponse:
    page = error_page(503)
    page.headers["Retry-After"] = "3"
    return page


def _untrusted_host(_: SecurityError) -> AnyResponse:
    """Answer without a template: no address can be built for a host that is not ours."""
    return Response("This host name is not served here.\n", 400, mimetype="text/plain")


# From the general to the particular: the nearest kind of a refusal decides.
PAGES: dict[type[Exception], Callable[[Any], AnyResponse]] = {
    HTTPException: _http_error,
    InternalServerError: _http_error,
    SecurityError: _untrusted_host,
    SignInRequired: _sign_in_first,
    NotAllowed: _not_allowed,
    ReauthenticationRequired: _prove_presence,
    TooManyAttempts: _too_many_attempts,
    Busy: _busy,
}


def refuse(error: Exception) -> AnyResponse:
    """Answer a refusal in the form of the face that was asked."""
    if isinstance(error, NotAllowed):
        events.AccessRefused(
            user_id=find_principal().user_id, endpoint=request.endpoint or ""
        ).send()
    if face := face_here():
        return face.refuse(error)
    page = next(PAGES[kind] for kind in type(error).__mro__ if kind in PAGES)
    return page(error)


def init_app(app: Flask) -> None:
    """Register one handler for each kind of refusal."""
    for kind in PAGES:
        app.register_error_handler(kind, refuse)
