"""What is encrypted opens under its key and its purpose, whole, and not otherwise."""

import base64

import pytest
from flask import Flask

from app.core.encryption import DecryptionFailed, decrypt, encrypt

TEXT = "a link that opens an account \N{KEY}"


@pytest.mark.asvs("11.3.1", "11.3.2", "11.3.3")
def test_what_was_changed_by_one_bit_is_refused(app: Flask) -> None:
    with app.app_context():
        sealed = encrypt(TEXT, "mail:1")
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            with pytest.raises(DecryptionFailed):
                decrypt(bytes(changed), "mail:1")


@pytest.mark.asvs("11.3.3")
def test_what_was_cut_or_moved_elsewhere_is_refused(app: Flask) -> None:
    with app.app_context():
        sealed = encrypt(TEXT, "mail:1")
        with pytest.raises(DecryptionFailed):
            decrypt(sealed, "mail:2")
        with pytest.raises(DecryptionFailed):
            decrypt(sealed[:-1], "mail:1")


@pytest.mark.asvs("11.2.2")
def test_every_key_of_the_ring_opens_and_the_first_one_closes(app: Flask) -> None:
    old, new = app.config["ENCRYPTION_KEYS"][0], base64.urlsafe_b64decode("bmV3" * 10 + "bmU=")
    with app.app_context():
        sealed = encrypt(TEXT, "mail:1")
        app.config["ENCRYPTION_KEYS"] = (new, old)
        assert decrypt(sealed, "mail:1") == TEXT
        again = encrypt(TEXT, "mail:1")
        app.config["ENCRYPTION_KEYS"] = (new,)
        assert decrypt(again, "mail:1") == TEXT
        with pytest.raises(DecryptionFailed):
            decrypt(sealed, "mail:1")
