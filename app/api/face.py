"""What lies below /api: who asks there, and what they are answered."""

from flask import request

from app.api.problems import refuse
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
    scheme, _, credentials = header.strip().partition(" ")
    takes = house().authenticators
    authenticator = takes.get(scheme.lower())
    if authenticator is None:
        raise CredentialsRefused("unknown_scheme", f"Send one of these: {', '.join(takes)}.")
    principal: Principal = authenticator.authenticate(credentials.strip())
    return principal


FACE = Face(PREFIX, authenticate, refuse)
