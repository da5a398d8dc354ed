"""Tokens as an attacker makes them: any header, any claims, any key."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from werkzeug.test import TestResponse

from app.api import jwt
from tests.conftest import SETTINGS, Program

OUR_KEY = SETTINGS["JWT_KEYS"]
HEADER = {"alg": "HS256", "kid": jwt.key_id(OUR_KEY), "typ": jwt.ACCESS}


class Explorer(Program):
    """Asks what the document does not name too: by other hosts, methods and schemes."""

    call = Program.send


def encoded(part: Any) -> str:
    """Return a part of a token: bytes as they are, anything else as JSON."""
    content = part if isinstance(part, bytes) else json.dumps(part, separators=(",", ":")).encode()
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def claims_of(token: str) -> dict[str, Any]:
    """Return what a token says, without looking at its signature."""
    return dict(json.loads(decoded(token.split(".")[1])))


def signed(header: Any, claims: Any, key: str | bytes = OUR_KEY, hashed: str = "sha256") -> str:
    """Return a token with whatever in it, signed by whatever key."""
    content = f"{encoded(header)}.{encoded(claims)}"
    secret = key if isinstance(key, bytes) else key.encode()
    return f"{content}.{encoded(hmac.new(secret, content.encode(), hashed).digest())}"


def altered(token: str, **changes: Any) -> str:
    """Return a token of ours with other claims, signed as we would; None takes a claim away."""
    claims = {**claims_of(token), **changes}
    header = json.loads(decoded(token.split(".", maxsplit=1)[0]))
    return signed(header, {name: value for name, value in claims.items() if value is not None})


def present(program: Program, token: str) -> TestResponse:
    """Ask who you are with a token of your own."""
    return program.get("/me", headers={"Authorization": f"Bearer {token}"})


REFUSAL = (
    b'{"type": "about:blank", "title": "Unauthorized", "status": 401, "code": "invalid_token", '
    b'"detail": "The access token is not valid any more. Refresh it, or sign in again."}'
)


def assert_refused(program: Program, *tokens: str) -> None:
    """All refusals of a token are one, byte for byte: none tells how near somebody came."""
    for token in tokens:
        answer = present(program, token)
        assert answer.status_code == 401, f"{token[:1000]}: {answer.text}"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
        assert answer.content_type == "application/problem+json"
        assert answer.data == REFUSAL
