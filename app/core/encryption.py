# file of feature: accounts
"""Encryption at rest, for what must be readable again, such as a mail that waits."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

NONCE_BYTES = 12  # NIST SP 800-38D, 8.2.1
KEY_BYTES = 32


class DecryptionFailed(Exception):
    """No key of the ring opens this text: a key was dropped too early, or the text was changed."""


def encryption_keys(value: str) -> tuple[bytes, ...]:
    """Read the ring of keys; the first encrypts, all decrypt."""
    keys = []
    for part in filter(None, (part.strip() for part in value.split(","))):
        try:
            key = base64.urlsafe_b64decode(part.encode("ascii"))
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise ValueError(
                "each key is 32 random bytes in base64; make one with: python -c "
                '"import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())"'
            )
        keys.append(key)
    return tuple(keys)


def encrypt(text: str, purpose: str) -> bytes:
    """Return the text under the first key, bound to a purpose so that it fits nowhere else."""
    nonce = os.urandom(NONCE_BYTES)
    key = current_app.config["ENCRYPTION_KEYS"][0]
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())


def decrypt(sealed: bytes, purpose: str) -> str:
    """Return the text, trying each key of the ring.

    Raises:
        DecryptionFailed: none of them fits.
    """
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    for key in current_app.config["ENCRYPTION_KEYS"]:
        try:
            return AESGCM(key).decrypt(nonce, body, purpose.encode()).decode()
        except InvalidTag:
            continue
    raise DecryptionFailed
