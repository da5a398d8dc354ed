# file of feature: accounts
"""Random secrets that are shown once and stored as a hash."""

import hashlib
import secrets

SECRET_BYTES = 32  # 256 bits; ASVS 5.0.0, 7.2.3 asks for 128


def new_secret() -> str:
    """Return 256 random bits in 43 characters that fit an address and a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return what is stored and looked up in place of the secret.

    A plain SHA-256 is right here: nobody can try 2**256 values, so a slow hash protects nothing,
    and the look-up by an indexed digest leaks no timing of a comparison.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
