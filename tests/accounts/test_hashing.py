"""Passwords in, hashes out."""

import base64
import hashlib
import hmac
import unicodedata

import bcrypt
import pytest
from flask import Flask

from app.accounts import hashing
from app.core.errors import Busy


def test_the_digest_is_what_the_documents_say(app: Flask) -> None:
    with app.app_context():
        stored = hashing.hash_password("pass")
    mac = hmac.new(b"gatehouse password v1", b"pass", hashlib.sha256).digest()
    assert bcrypt.checkpw(base64.b64encode(mac), stored.encode())


@pytest.mark.asvs("6.2.9")
@pytest.mark.parametrize(
    "password",
    ["x" * 73, "x" * 256, "nul\0in the middle", "🏰" * 64, " blanks around ", "ünï", "\ud800 lone"],
)
def test_no_password_is_cut_or_refused(app: Flask, password: str) -> None:
    with app.app_context():
        stored = hashing.hash_password(password)
        assert hashing.verify_password(password, stored)
        assert not hashing.verify_password(password[:-1], stored)
        assert not hashing.verify_password(password + "x", stored)
        assert not hashing.verify_password(password.split("\0", maxsplit=1)[0] + "?", stored)


def test_two_ways_to_type_one_character_are_one_password(app: Flask) -> None:
    with app.app_context():
        stored = hashing.hash_password(unicodedata.normalize("NFD", "café au lait"))
        assert hashing.verify_password(unicodedata.normalize("NFC", "café au lait"), stored)


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$2b$04$short"])
def test_no_hash_opens_nothing(app: Flask, stored: str | None) -> None:
    with app.app_context():
        assert not hashing.verify_password("", stored)
        assert not hashing.verify_password("anything", stored)


@pytest.mark.asvs("15.2.2")
def test_hashing_says_busy_when_every_place_is_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "LONGEST_WAIT", 0.01)
    places = app.extensions["hashing"]
    for _ in range(app.config["HASHING_AT_ONCE"]):
        places.acquire()
    with app.app_context(), pytest.raises(Busy):
        hashing.hash_password("whatever")
