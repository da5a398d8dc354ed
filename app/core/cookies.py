"""The session cookie: signed, and signed well."""

import hashlib

from flask.sessions import SecureCookieSessionInterface


class SHA256CookieSessions(SecureCookieSessionInterface):
    """Flask's signed session cookie, signed with SHA-256 in place of SHA-1 (ASVS 11.4.1)."""

    digest_method = staticmethod(hashlib.sha256)
