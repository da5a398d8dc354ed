"""A provider that lies: OpenID and GitHub's way, true until it is told which fault to have."""

import hashlib
import hmac
import json
import threading
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

CLIENT_ID = "gatehouse"
CLIENT_SECRET = "a-secret-of-the-tests-a-secret-of-the-tests"
# Made once: it is the slow part.
KEY = RSAKey.generate_key(2048, parameters={"kid": "k1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "k1"})
Claims = dict[str, Any]


def part(content: Claims) -> str:
    """Return a piece of a token."""
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def signed(claims: Claims, key: Any = KEY, algorithm: str = "RS256") -> str:
    """Return an id_token."""
    return jwt.encode(
        {"alg": algorithm, "kid": key.kid or "k1"}, claims, key, algorithms=[algorithm]
    )


def unsigned(claims: Claims) -> str:
    """Return a token that says that it needs no signature."""
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


def changed_afterwards(claims: Claims) -> str:
    """Return a token whose signature is of other claims."""
    head, body, signature = signed(claims).split(".")
    padded = body + "=" * (-len(body) % 4)
    return ".".join([head, part({**json.loads(urlsafe_b64decode(padded)), "sub": "x"}), signature])


def with_our_secret(claims: Claims) -> str:
    """Return a token signed with what both sides know."""
    return signed(claims, OctKey.import_key(CLIENT_SECRET), "HS256")


def with_the_public_key(claims: Claims) -> str:
    """Return a token signed with what everybody knows, as if it were a secret."""
    text = f"{part({'alg': 'HS256', 'kid': 'k1'})}.{part(claims)}"
    signature = hmac.digest(KEY.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(signature).decode().rstrip('=')}"


def later(seconds: int) -> Callable[[Claims], None]:
    """Move the times of a token."""

    def move(claims: Claims) -> None:
        claims["iat"] += seconds
        claims["exp"] += seconds

    return move


# What is wrong with the claims of an id_token.
CLAIMS: dict[str, Callable[[Claims], object]] = {
    "expired": later(-7200),
    "from the future": later(86400),
    "never expires": lambda claims: claims.pop("exp"),
    "without issue": lambda claims: claims.pop("iat"),
    "for somebody else": lambda claims: claims.update(aud="somebody-else"),
    "for somebody else, by us": lambda claims: claims.update(aud="somebody-else", azp=CLIENT_ID),
    "for others too": lambda claims: claims.update(aud=["somebody-else", CLIENT_ID], azp=CLIENT_ID),
    "by another party": lambda claims: claims.update(azp="somebody-else"),
    "for nobody": lambda claims: claims.pop("aud"),
    "of another issuer": lambda claims: claims.update(iss="http://127.0.0.1:1"),
    "of no issuer": lambda claims: claims.pop("iss"),
    "of another sign-in": lambda claims: claims.update(nonce="another"),
    "of no sign-in": lambda claims: claims.pop("nonce"),
    "about nobody": lambda claims: claims.pop("sub"),
    "about an empty name": lambda claims: claims.update(sub=""),
    "about a number": lambda claims: claims.update(sub=7),
    "about a list": lambda claims: claims.update(sub=["g-1"]),
    "about a long name": lambda claims: claims.update(sub="x" * 256),
    "of another token": lambda claims: claims.update(at_hash="bm90LXRoaXMtb25l"),
}
# What is wrong with its signature.
SIGNATURES: dict[str, Callable[[Claims], str]] = {
    "unsigned": unsigned,
    "changed afterwards": changed_afterwards,
    "signed with another key": lambda claims: signed(claims, OTHER_KEY),
    "signed with our secret": with_our_secret,
    "signed with the public key": with_the_public_key,
    "no token": lambda _: "not.a.token",
    "not even text": lambda _: "",
}
# What is wrong with the answer of the token endpoint.
ANSWERS: dict[str, Callable[[Claims], Any]] = {
    "no id_token": lambda answer: jsonify({**answer, "id_token": None}),
    "id_token left out": lambda answer: jsonify(
        {name: value for name, value in answer.items() if name != "id_token"}
    ),
    "no access_token": lambda answer: jsonify({**answer, "access_token": ""}),
    "empty": lambda _: jsonify({}),
    "a list": lambda _: jsonify([1, 2]),
    "a word": lambda _: jsonify("yes"),
    "no JSON": lambda _: Response("<html>x</html>", mimetype="text/html"),
    "nested": lambda _: Response("[" * 100_000, mimetype="application/json"),
    "an error with 200": lambda _: jsonify(error="bad_verification_code"),
    "an error": lambda _: (jsonify(error="invalid_grant"), 400),
    "broken": lambda _: (jsonify(error="server_error"), 500),
    "elsewhere": lambda _: redirect("http://127.0.0.1:1/", 307),
    "too long": lambda _: Response(b"x" * (600 * 1024), mimetype="application/json"),
    "another kind of token": lambda answer: jsonify({**answer, "token_type": "mac"}),
}
# What is wrong with the discovery document.
DISCOVERIES: dict[str, Callable[[Claims], Any]] = {
    "of another issuer": lambda known: jsonify({**known, "issuer": "http://127.0.0.1:1"}),
    "of no issuer": lambda known: jsonify({**known, "issuer": None}),
    "with a slash more": lambda known: jsonify({**known, "issuer": f"{known['issuer']}/"}),
    "in capitals": lambda known: jsonify({**known, "issuer": known["issuer"].upper()}),
    "elsewhere": lambda _: redirect("http://127.0.0.1:1/", 302),
    "without addresses": lambda known: jsonify({"issuer": known["issuer"]}),
    "with a script": lambda known: jsonify(
        {**known, "authorization_endpoint": "javascript:alert(1)"}
    ),
    "a list": lambda _: jsonify([]),
    "no JSON": lambda _: Response("x", mimetype="application/json"),
    "broken": lambda _: (jsonify({}), 500),
}
KEYS: dict[str, Callable[[Claims], Any]] = {
    "none": lambda _: jsonify(keys=[]),
    "a list": lambda _: jsonify([]),
    "broken": lambda _: (jsonify({}), 503),
    "no keys": lambda _: jsonify(keys=[{"kty": "what"}]),
}
USERS: dict[str, Any] = {
    "no number": {"login": "ada"},
    "a word": {"id": "1001"},
    "true": {"id": True},
    "a list": [],
    "nothing": None,
}
# Each of these proves no address.
EMAILS: dict[str, Any] = {
    "not proved": [{"email": "ada@example.com", "primary": True, "verified": False}],
    "not the main one": [{"email": "ada@example.com", "primary": False, "verified": True}],
    "a word for true": [{"email": "ada@example.com", "primary": True, "verified": "true"}],
    "a number for true": [{"email": "ada@example.com", "primary": True, "verified": 1}],
    "no address": [{"email": "nobody", "primary": True, "verified": True}],
    "two lines": [{"email": "a@example.com\nb@c.de", "primary": True, "verified": True}],
    "a number": [{"email": 7, "primary": True, "verified": True}],
    "none": [],
}
BROKEN_EMAILS: dict[str, Any] = {"a word": "x", "words": ["x"], "nothing": None, "a number": 3}


class Liar:
    """The provider, serving on a free port; it does as told until it is told otherwise.

    Attributes:
        faults: by place (claims, signature, answer, discovery, keys, user) what is wrong.
        key: what it signs with.
        claims: what is true of the person.
        seen: the forms that came to the token endpoint.
        header: the Authorization of the last of them.
    """

    def __init__(self) -> None:
        self.faults: dict[str, str] = {}
        self.key = KEY
        self.claims: Claims = {"sub": "g-1", "email": "ada@example.com", "email_verified": True}
        self.metadata: Claims = {}
        self.user: Any = {"id": 1001, "login": "ada", "name": "Ada", "email": "x@example.com"}
        self.emails: Any = [{"email": "ada@example.com", "primary": True, "verified": True}]
        self.seen: list[dict[str, str]] = []
        self.header = ""
        self.asked: dict[str, str] = {}
        app = Flask(__name__)
        self._routes(app)
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def _routes(self, app: Flask) -> None:
        """Say where it answers."""
        app.get("/.well-known/openid-configuration")(self._discovery)
        app.get("/jwks")(self._keys)
        app.post("/token")(self._token)
        app.post("/login/oauth/access_token", endpoint="github")(self._token)
        app.get("/api/v3/user")(self._user)
        app.get("/api/v3/user/emails")(self._emails)

    def close(self) -> None:
        """End."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def callback(self, asked: dict[str, str], code: str = "code", **more: str) -> dict[str, str]:
        """Remember what was asked for, and return what the browser would bring back."""
        self.asked = asked
        return {"code": code, "state": asked["state"], **more}

    def _discovery(self) -> Any:
        known = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["none", "HS256", "RS256"],
            **self.metadata,
        }
        return self._with("discovery", DISCOVERIES, known, jsonify)

    def _keys(self) -> Any:
        known = {"keys": [self.key.as_dict(private=False)]}
        return self._with("keys", KEYS, known, jsonify)

    def _user(self) -> Any:
        return jsonify(USERS.get(self.faults.get("user", ""), self.user))

    def _emails(self) -> Any:
        return jsonify(self.emails)

    def _with(self, place: str, faults: dict[str, Any], content: Claims, truth: Any) -> Any:
        return faults.get(self.faults.get(place, ""), truth)(content)

    def _token(self) -> Any:
        self.seen.append(request.form.to_dict())
        self.header = str(request.authorization or "")
        verifier = request.form.get("code_verifier", "").encode()
        proof = urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
        if proof != self.asked["code_challenge"] or request.form.get("code") != "code":
            return jsonify(error="invalid_grant"), 400
        answer = {"access_token": "at-at-at", "token_type": "Bearer", "id_token": self._id_token()}
        return self._with("answer", ANSWERS, answer, jsonify)

    def _signed(self, claims: Claims) -> str:
        return signed(claims, self.key)

    def _id_token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce"),
            **self.claims,
        }
        CLAIMS.get(self.faults.get("claims", ""), lambda _: None)(claims)
        return str(self._with("signature", SIGNATURES, claims, self._signed))
