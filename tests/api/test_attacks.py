"""What must never happen to a token: that it is believed for another reason than our signature."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from app.api import jwt
from tests.api.forge import (
    HEADER,
    OUR_KEY,
    assert_refused,
    claims_of,
    decoded,
    encoded,
    present,
    signed,
)
from tests.conftest import SETTINGS, Program

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
ELSEWHERE = "https://evil.example.com"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test here may look a key up anywhere: a connection would be the hole."""
    calls: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, place: calls.append(place))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *place, **_: calls.append(place) or [])
    yield
    assert calls == []


@pytest.fixture
def claims(signed_in_program: Program) -> dict[str, Any]:
    """What a good token says."""
    return claims_of(signed_in_program.access_token)


def test_a_token_made_by_the_forge_itself_is_taken(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    """What all refusals here are held against: it is the change that is refused."""
    forged = signed(HEADER, claims)
    assert present(signed_in_program, forged).status_code == 200


@pytest.mark.asvs("9.1.1", "9.1.2")
def test_no_algorithm_is_refused(signed_in_program: Program) -> None:
    _, payload, real = signed_in_program.access_token.split(".")
    for name in ("none", "None", "NONE", "nOnE", "none ", "", "null", None, [], ["none"], {}, 0):
        header = encoded({**HEADER, "alg": name})
        assert_refused(
            signed_in_program, *(f"{header}.{payload}.{end}" for end in ("", "AA", real))
        )


@pytest.mark.asvs("9.1.2")
def test_another_algorithm_with_our_key_is_refused(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    names = {"HS256": "sha256", "HS384": "sha384", "HS512": "sha512"}
    for said in names:
        for used, hashed in names.items():
            if (said, used) != ("HS256", "HS256"):
                forged = signed({**HEADER, "alg": said}, claims, hashed=hashed)
                assert_refused(signed_in_program, forged)


@pytest.mark.asvs("9.1.2")
@pytest.mark.parametrize("name", ["RS256", "PS256", "ES256"])
def test_a_signature_by_a_key_pair_is_refused(
    signed_in_program: Program, claims: dict[str, Any], name: str
) -> None:
    """Nor does a public key, which everybody has, serve as our secret one."""
    curve = name == "ES256"
    private = (
        ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(3, 2048)
    )
    key = (ECKey if curve else RSAKey).import_key(private)  # type: ignore[arg-type]
    header = {**HEADER, "alg": name}
    assert_refused(
        signed_in_program, jws.serialize_compact(header, json.dumps(claims), key, [name])
    )
    public, form = private.public_key(), PublicFormat.SubjectPublicKeyInfo
    forms = [public.public_bytes(encoding, form) for encoding in (Encoding.PEM, Encoding.DER)]
    forms.append(json.dumps(key.as_dict(private=False)).encode())
    assert_refused(signed_in_program, *(signed(HEADER, claims, secret) for secret in forms))


@pytest.mark.asvs("9.1.3")
def test_a_key_id_that_is_not_ours_is_refused(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    ours = HEADER["kid"]
    ids = ["", "0", ours + " ", [ours], {"kid": ours}, None, 0, True, "A" * 300, "\x00", "\ud800"]
    ids += ["../../../../dev/null", "/dev/null", "file:///etc/hostname", f"{ELSEWHERE}/keys.json"]
    ids += [f"x' UNION SELECT '{OUR_KEY}' --", "*)(uid=*"]
    for kid in ids:
        header = {**HEADER, "kid": kid}
        assert_refused(
            signed_in_program, *(signed(header, claims, key) for key in (OUR_KEY, b"", b"\x00"))
        )


@pytest.mark.asvs("9.1.3")
def test_a_header_with_more_or_less_than_ours_is_refused(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    """A key is never taken from a token, and nothing in it is looked up anywhere."""
    mallory = b"mallory" * 8
    less = [{k: v for k, v in HEADER.items() if k != missing} for missing in HEADER]
    more: list[dict[str, Any]] = [
        {"jku": f"{ELSEWHERE}/jwks.json"},
        {"jku": f"{SETTINGS['PUBLIC_URL']}/jwks.json"},
        {"x5u": f"{ELSEWHERE}/chain.pem"},
        {"jwk": {"kty": "oct", "k": encoded(mallory)}},
        {"x5c": ["MIIB"]},
        {"x5t": "AA"},
        {"cty": "JWT"},
        *({"crit": value} for value in (["exp"], [], [1], [[]], 1, "b64", None)),
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"zip": "DEF"},
        {"unheard": "of"},
    ]
    for header in [*less, *({**HEADER, **parameter} for parameter in more)]:
        assert_refused(
            signed_in_program, *(signed(header, claims, key) for key in (OUR_KEY, mallory))
        )


@pytest.mark.asvs("9.1.1")
def test_a_header_or_claims_that_are_no_object_are_refused(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    """A header is read before any signature is, so everybody in the world may send one."""
    strange: list[Any] = ["alg", ["alg", "typ", "kid"], 1, None, True, {}, [[]], "sub", ["sub"]]
    strange += [b"", b"\xff", b"{", b"[" * 200, b"NaN", b'{"alg":NaN}', b"\xef\xbb\xbf{}"]
    for part in strange:
        assert_refused(
            signed_in_program,
            signed(part, claims),
            signed(HEADER, part),
            f"{encoded(part)}..AA",
            f"{encoded(part)}.{encoded(part)}.",
        )


@pytest.mark.asvs("9.1.1")
def test_a_token_with_one_byte_changed_is_refused(signed_in_program: Program) -> None:
    parts = signed_in_program.access_token.split(".")
    for place, part in enumerate(parts):
        content = decoded(part)
        for n in range(len(content)):
            changed = content[:n] + bytes([content[n] ^ 1]) + content[n + 1 :]
            forged = [*parts[:place], encoded(changed), *parts[place + 1 :]]
            assert_refused(signed_in_program, ".".join(forged))


@pytest.mark.asvs("9.1.1")
def test_parts_of_two_good_tokens_are_refused_together(signed_in_program: Program) -> None:
    one = signed_in_program.access_token.split(".")
    assert signed_in_program.refresh().status_code == 200
    assert present(signed_in_program, ".".join(one)).status_code == 200
    for good in (signed_in_program.access_token, signed_in_program.refresh_token):
        other = good.split(".")
        for place in range(3):
            if one[place] != other[place]:
                assert_refused(
                    signed_in_program, ".".join([*one[:place], other[place], *one[place + 1 :]])
                )


@pytest.mark.asvs("9.1.1")
def test_a_token_written_in_another_way_is_refused(signed_in_program: Program) -> None:
    """One token, one text: what is written in two ways could pass a list that knows one."""
    real = signed_in_program.access_token
    header, payload, end = real.split(".")
    stray = ALPHABET[ALPHABET.index(end[-1]) ^ 1]  # two bits of it carry nothing
    flat = {"payload": payload, "protected": header, "signature": end}
    forged = [
        *(f"{real}{mark}" for mark in ("=", "==", "A", "\u00a0", "\x1f", "\x7f", ".", "\u00e9")),
        *(f"{mark}{real}" for mark in (".", "\u00a0", "\x1f", "=", "Bearer ")),
        *(f"{header}{mark}.{payload}.{end}" for mark in ("=", " ", "\t", "~", ".", "\u00e9")),
        f"{header}.{payload}.{end[:-1]}{stray}",
        f"{header}.{payload}=.{end}",
        *(f"{header}.{payload}.", f"{header}.{payload}", f"{header}..{end}", f".{payload}.{end}"),
        *(f"{real}.{end}.{end}", f"{header}.{header}.{payload}.{end}.{end}"),
        real.replace("-", "+").replace("_", "/") + "=",
        *(real.swapcase(), real[::-1], f'"{real}"', f"{real},{real}", f"{real} {real}"),
        json.dumps(flat),
        json.dumps({"payload": payload, "signatures": [{"protected": header, "signature": end}]}),
        encoded(real.encode()),
        *("x.y.z", "...", "..", ".", ""),
    ]
    assert_refused(signed_in_program, *forged)
    assert present(signed_in_program, real).status_code == 200


def test_a_huge_token_is_refused(signed_in_program: Program, claims: dict[str, Any]) -> None:
    huge = signed(HEADER, {**claims, "more": "x" * 2**20})
    assert_refused(
        signed_in_program, huge, "." * 2**20, signed(HEADER, {**claims, "x": "x" * 2000})
    )
    for length in (2048, 4000):
        answer = signed_in_program.post("/auth/refresh", {"refresh_token": "x" * length})
        assert answer.status_code == (401 if length == 2048 else 422)


@pytest.mark.asvs("9.1.2", "9.1.3")
def test_a_token_signed_with_another_key_is_refused(
    signed_in_program: Program, claims: dict[str, Any]
) -> None:
    """The session cookie's key is another one: who finds one of them has not found the other."""
    for key in (SETTINGS["SECRET_KEY"], "", "secret", OUR_KEY.upper(), HEADER["kid"]):
        for kid in (HEADER["kid"], jwt.key_id(key)):
            assert_refused(signed_in_program, signed({**HEADER, "kid": kid}, claims, key))
