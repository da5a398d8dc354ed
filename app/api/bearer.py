"""The scheme that every client of the API uses: an access token (RFC 6750)."""

from app.api import jwt
from app.core.face import Authenticator, CredentialsRefused
from app.core.principal import Principal
from app.login import recognition

METHOD = "jwt"


def invalid_token() -> CredentialsRefused:
    """Return the one refusal there is: nobody is told what is wrong with a token."""
    detail = "The access token is not valid any more. Refresh it, or sign in again."
    return CredentialsRefused("invalid_token", detail)


class Bearer(Authenticator):
    """Access tokens: signed by us, and alive as long as the login session they name."""

    scheme = "Bearer"
    about = "An access token from `POST /api/v1/auth/token`."

    def authenticate(self, credentials: str) -> Principal:
        """Return whom an access token belongs to, with one query.

        Raises:
            CredentialsRefused: the token is not good, or its session is over.
        """
        try:
            claims = jwt.read(credentials, jwt.ACCESS)
        except jwt.TokenRefused:
            raise invalid_token() from None
        found = recognition.find_by_hash(claims.session_hash)
        if found is None or found.public_id != claims.subject:
            raise invalid_token()
        recognition.touch(found)
        return found.principal(METHOD)
