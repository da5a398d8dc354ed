"""Password hashing: bcrypt over a digest, so that every password has one short length.

bcrypt looks at 72 bytes and its library refuses more. The HMAC gives it 44 characters whatever
was typed: nothing is cut, nothing is refused, and a NUL byte is a character like any other.
The key is no secret; it keeps these digests apart from plain SHA-256 of the same passwords, so
that leaked digests of another site cannot be tried here as passwords ("password shucking").
"""

import base64
import hashlib
import hmac
import threading
import unicodedata

import bcrypt
from flask import Flask, current_app

from app.core.errors import Busy

LABEL = b"gatehouse password v1"  # never changes: every stored hash depends on it
LONGEST_WAIT = 2.0  # seconds in the queue for the processor before we say 503


def hash_password(password: str) -> str:
    """Return the hash to store."""
    with _a_place():
        return bcrypt.hashpw(_prepare(password), bcrypt.gensalt(_rounds())).decode()


def verify_password(password: str, stored: str | None) -> bool:
    """Tell whether the password is the one behind the hash.

    With no hash (no such account, or one without a password) the same work is done on a made-up
    one, so that the time of the answer does not tell which addresses have accounts.
    """
    against = stored or f"$2b${_rounds():02d}${'.' * 53}"
    with _a_place():
        try:
            right = bcrypt.checkpw(_prepare(password), against.encode())
        except ValueError:  # what is stored is not a bcrypt hash
            right = False
    return right and stored is not None


def is_same(password: str, other: str) -> bool:
    """Tell whether two passwords, as they were typed, would have one hash."""
    return hmac.compare_digest(_prepare(password), _prepare(other))


def needs_rehash(stored: str) -> bool:
    """Tell whether a hash was made with another cost than today's."""
    return not stored.startswith(f"$2b${_rounds():02d}$")


def configure(app: Flask) -> None:
    """Give the process its few places for hashing: a hash takes a whole core for a while."""
    app.extensions["hashing"] = threading.BoundedSemaphore(app.config["HASHING_AT_ONCE"])


def _prepare(password: str) -> bytes:
    """Return 44 characters for any text; NFC first, as NIST SP 800-63B-4, 3.1.1.2 advises."""
    typed = unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
    return base64.b64encode(hmac.digest(LABEL, typed, hashlib.sha256))


def _rounds() -> int:
    return int(current_app.config["BCRYPT_ROUNDS"])


class _a_place:  # noqa: N801 - reads as a phrase: with _a_place()
    """One of the places for hashing, or Busy when none comes free in time."""

    def __enter__(self) -> None:
        self.places: threading.BoundedSemaphore = current_app.extensions["hashing"]
        if not self.places.acquire(timeout=LONGEST_WAIT):
            raise Busy

    def __exit__(self, *_: object) -> None:
        self.places.release()
