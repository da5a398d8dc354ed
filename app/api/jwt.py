"""Access and refresh tokens: made by Flask-JWT-Extended, read by one strict reader.

A token says who (``sub``), in which login session (``sid``), and until when. It never says what
somebody may do: that stands in the database and is read at each request (RFC 8725; ASVS 5.0.0,
V9). Reading takes joserfc and not the library that made it, because every request pays for it:
one pass instead of four, and the clock is ours.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from flask import Flask, current_app
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter, HeaderRegistryDict

from app.core import clock
from app.core.secrets import digest
from app.login.service import REMEMBERED

ALGORITHM = "HS256"  # one key, one algorithm, fixed here and never taken from a token
ACCESS_LIFETIME = timedelta(minutes=15)
LEEWAY = 10  # seconds that two clocks may differ
LONGEST = 2048  # characters; ours have about 450
KEY_ID_LENGTH = 8

# The header says which kind of token this is, so that one is never taken for the other
# (RFC 8725, section 3.11). The first name is that of RFC 9068.
ACCESS, REFRESH = "at+jwt", "rt+jwt"
LONGEST_LIFE = {  # in seconds
    ACCESS: int(ACCESS_LIFETIME.total_seconds()),
    REFRESH: int(max(REMEMBERED).total_seconds()),
}


class StrictHeader(JWSRegistry):
    """A header has the three parameters that ours have, and no other.

    So whatever else a token may ask for is refused before it is understood: a key it brings
    (``jwk``, ``x5c``), an address to fetch one from (``jku``, ``x5u``), ``crit``, ``b64``.
    """

    default_header_registry: ClassVar[HeaderRegistryDict] = {  # type: ignore[misc]
        name: HeaderParameter(name, "str", required=True) for name in ("alg", "typ", "kid")
    }


REGISTRY = StrictHeader(algorithms=[ALGORITHM])


class TokenRefused(Exception):
    """The token is not ours, not of this kind, not of this time, or not whole."""


@dataclass(frozen=True)
class Claims:
    """What a good token says.

    Args:
        subject: the public id of the account.
        session_hash: names the login session, as its row does.
        token_id: tells one token from the other.
    """

    subject: str
    session_hash: str
    token_id: str


@dataclass(frozen=True)
class Signing:
    """The keys of one application, made once at start.

    Args:
        key: signs.
        key_id: names it in each header.
        ring: all that are accepted, by their ids.
    """

    key: str
    key_id: str
    ring: dict[str, OctKey]

    def named_by(self, token: GuestProtocol) -> OctKey:
        """Return the key that a header names.

        Raises:
            KeyError: it is none of ours.
        """
        return self.ring[token.headers()["kid"]]


def configure(app: Flask) -> None:
    """Make the keys ready."""
    keys: tuple[str, ...] = app.config["JWT_KEYS"]
    app.config.update(
        JWT_SECRET_KEY=keys[0],
        JWT_ALGORITHM=ALGORITHM,
        JWT_TOKEN_LOCATION=["headers"],
        JWT_COOKIE_CSRF_PROTECT=False,  # or each token would carry a claim for cookies we never set
    )
    # Its own decorator would look neither at the session nor at the kind of a token: a second
    # door. It stays shut, and `@signed_in` is the one to use.
    JWTManager(app).token_in_blocklist_loader(lambda *_: True)
    app.extensions["signing"] = Signing(
        key=keys[0],
        key_id=key_id(keys[0]),
        ring={key_id(key): OctKey.import_key(key) for key in keys},
    )


def key_id(key: str) -> str:
    """Return the name of a key: the beginning of its hash, which says nothing of 256 bits."""
    return digest(key)[:KEY_ID_LENGTH]


def new_token_id() -> str:
    """Return a name that no other token has."""
    return uuid4().hex


def make_access_token(subject: str, session_hash: str) -> str:
    """Return a token that opens the API for a quarter of an hour."""
    ends = clock.now() + ACCESS_LIFETIME
    made = create_access_token(subject, **_content(ACCESS, session_hash, new_token_id(), ends))
    return str(made)


def make_refresh_token(subject: str, session_hash: str, token_id: str, ends: datetime) -> str:
    """Return a token that is good for one thing: the next pair of tokens.

    Args:
        subject: the public id of the account.
        session_hash: names the login session.
        token_id: the one that the session's row knows.
        ends: when it is of no use any more.
    """
    return str(create_refresh_token(subject, **_content(REFRESH, session_hash, token_id, ends)))


def _content(kind: str, session_hash: str, token_id: str, ends: datetime) -> dict[str, Any]:
    issuer, now = current_app.config["PUBLIC_URL"], clock.now()
    claims = {
        "iss": issuer,
        "aud": f"{issuer}/api",
        "sid": session_hash,
        "jti": token_id,
        "iat": now,
        "nbf": now,
        "exp": ends,
    }
    headers = {"typ": kind, "kid": current_app.extensions["signing"].key_id}
    return {"additional_claims": claims, "additional_headers": headers}


def read(token: str, kind: str) -> Claims:
    """Return what a token says, if it is ours, of this kind and of this time.

    The kind is compared before anything else is believed, and the key is looked up among our own
    by ``kid``. No address in a token is ever followed (RFC 8725, section 3.10; ASVS 5.0.0, 9.1.3).

    Args:
        token: as it came.
        kind: ``ACCESS`` or ``REFRESH``.

    Raises:
        TokenRefused: whatever is wrong; nobody is told how near they came.
    """
    signing: Signing = current_app.extensions["signing"]
    if len(token) > LONGEST or not token.isascii():
        raise TokenRefused
    try:
        found = jwt.decode(token, signing.named_by, [ALGORITHM], REGISTRY)
    # TypeError: a header may be a list or a number, and the library takes it for an object.
    except (JoseError, LookupError, ValueError, TypeError, RecursionError):
        raise TokenRefused from None
    claims = found.claims
    if found.header["typ"] != kind or not (_is_ours(claims) and _is_of_now(claims, kind)):
        raise TokenRefused
    return Claims(claims["sub"], claims["sid"], claims["jti"])


# The standard allows more than is made here: audiences in a list, times with fractions, any end.
# What never comes from here is refused, or a list would make a token good for two places (ASVS
# 5.0.0, 9.2.4) and a number without bounds would make it live for ever.


def _is_ours(claims: dict[str, Any]) -> bool:
    """Tell whether a token was made here, for here, and names whom and what ours name."""
    issuer = current_app.config["PUBLIC_URL"]
    names = (claims.get("sub"), claims.get("sid"), claims.get("jti"))
    return (
        claims.get("iss") == issuer
        and claims.get("aud") == f"{issuer}/api"
        and all(isinstance(name, str) and name.isalnum() for name in names)
    )


def _is_of_now(claims: dict[str, Any], kind: str) -> bool:
    """Tell whether a token has begun, has not ended, and lives no longer than its kind."""
    times = [claims.get(name) for name in ("iat", "nbf", "exp")]
    whole = [time for time in times if type(time) is int]
    if len(whole) != len(times):
        return False
    now = clock.now().timestamp()
    made, begins, ends = whole
    lives = made <= begins < ends <= made + LONGEST_LIFE[kind]
    return bool(lives and begins - LEEWAY <= now < ends + LEEWAY)
