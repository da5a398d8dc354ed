"""What lies below /api: who asks there, and what they are answered."""

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession
from werkzeug import Response
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from app.accounts.models import User
from app.api.problems import problem, refuse
from app.core.cookies import SHA256CookieSessions
from app.core.current import find_principal
from app.core.face import AUTHENTICATORS, CredentialsRefused, Face
from app.core.principal import Principal
from app.extensions import db
from app.login.manager import login_manager

PREFIX = "/api"
HTTPS_REQUIRED = (
    "Call this over https. If you did, the site does not believe the proxy in front of it: "
    "whoever runs it must set TRUSTED_PROXIES."
)


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
    for authenticator in AUTHENTICATORS:
        if authenticator.scheme.lower() == scheme.lower():
            return authenticator.authenticate(credentials.strip(" "))
    raise unknown_scheme()


def unknown_scheme() -> CredentialsRefused:
    """Return the refusal of a scheme that nobody here takes, with those that are taken."""
    taken = ", ".join(one.scheme.lower() for one in AUTHENTICATORS)
    return CredentialsRefused("unknown_scheme", f"Send one of these: {taken}.")


FACE = Face(PREFIX, authenticate, refuse)


class CookiesOfPages(SHA256CookieSessions):
    """Session cookies of pages. Below /api none is read: what is not read opens nothing."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie of a page."""
        return None if FACE.takes(request.path) else super().open_session(app, request)


def check_call() -> Response | None:
    """Refuse what would be sent on, or came in the open to a site that is on https.

    Aloud, and without a redirect: one would hide from the program that its token has just crossed
    the network for everybody to read (ASVS 5.0.0, 4.1.2).
    """
    if not FACE.takes(request.path):
        return None
    if current_app.config["PUBLIC_URL"].startswith("https://") and not request.is_secure:
        return problem(403, "https_required", HTTPS_REQUIRED)
    if isinstance(request.routing_exception, RequestRedirect):  # //, made / for a person
        return refuse(NotFound())
    return None


@login_manager.request_loader  # type: ignore[untyped-decorator]
def load_user(_: Request) -> User | None:
    """Return the account for `current_user`, if a view asks for it, whatever the scheme."""
    principal = find_principal()
    return db.session.get(User, principal.user_id) if principal.user_id is not None else None


def configure(app: Flask) -> None:
    """Keep cookies out, and look at how a call came before anything in it is believed."""
    app.session_interface = CookiesOfPages()
    app.before_request(check_call)
