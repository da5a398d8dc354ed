"""The session cookie: signed, and signed well."""

import hashlib
from typing import Any

from flask.sessions import SecureCookieSessionInterface


class SHA256CookieSessions(SecureCookieSessionInterface):
    """Flask's signed session cookie, signed with SHA-256 in place of SHA-1 (ASVS 11.4.1)."""

    @staticmethod
    def digest_method(string: bytes = b"") -> Any:
        """Return a SHA-256 over a text: the signature's keyed hash is built of it."""
        return hashlib.sha256(string)
