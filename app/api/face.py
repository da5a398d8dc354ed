"""What lies below /api: who asks there, and what they are answered."""

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession

from app.api.problems import refuse
from app.core.cookies import SHA256CookieSessions
from app.core.face import CredentialsRefused, Face
from app.core.house import house
from app.core.principal import Principal

PREFIX = "/api"


def authenticate() -> Principal | None:
    """Return the principal of the Authorization header, by its scheme.

    A header that opens nothing is refused aloud: whoever sends one means to be somebody, and must
    not be served as a stranger.

    Raises:
        CredentialsRefused: the scheme is unknown, or the credentials open nothing.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    # Only blanks part the two. Python's own strip() would also take what HTTP knows nothing of.
    scheme, _, credentials = header.strip(" \t").partition(" ")
    takes = house().authenticators
    authenticator = takes.get(scheme.lower())
    if authenticator is None:
        raise CredentialsRefused("unknown_scheme", f"Send one of these: {', '.join(takes)}.")
    principal: Principal = authenticator.authenticate(credentials.strip(" "))
    return principal


FACE = Face(PREFIX, authenticate, refuse)


class CookiesOfPages(SHA256CookieSessions):
    """Session cookies of pages. Below /api none is read: what is not read opens nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a page."""
        return None if FACE.takes(request.path) else super().open_session(app, request)


def configure(app: Flask) -> None:
    """Keep cookies out."""
    app.session_interface = CookiesOfPages()
