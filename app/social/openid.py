"""Providers that speak OpenID Connect; they differ in their settings alone."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from app.social.provider import SECRET_WAYS, Person, Provider, wire
from app.social.refusals import AnswerRefused

DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
# Of what a provider says about itself, no more than this reaches the library.
METADATA = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "authorization_response_iss_parameter_supported",
    SECRET_WAYS,
)
# Signatures by a key of the provider's alone. "none" signs nothing, and HS256 is signed with a
# secret that we hold too (ASVS 5.0.0, 9.1.2).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY = 30  # seconds that two clocks may differ


class OpenID(Provider):
    """Any provider that speaks OpenID Connect Core 1.0 and tells where it is reached."""

    scope = "openid email profile"

    def learn(self) -> dict[str, Any]:
        """Read the discovery document (OpenID Connect Discovery 1.0, section 4.3)."""
        with wire().Wire() as line:
            answer = line.request("GET", self.url + DISCOVERY, withhold_token=True)
        answer.raise_for_status()
        said = answer.json()
        if said.get("issuer") != self.url:
            raise AnswerRefused("the discovery document is somebody else's")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if urlsplit(said[name]).scheme not in {"https", urlsplit(self.url).scheme}:
                raise AnswerRefused("an address in the open")
        offered = said.get("id_token_signing_alg_values_supported") or ()
        algorithms = [name for name in ALGORITHMS if name in offered] or ["RS256"]
        known = {name: said[name] for name in METADATA if name in said}
        return {**known, "id_token_signing_alg_values_supported": algorithms}

    def find_person(self, token: dict[str, Any], nonce: str) -> Person:
        """Read the id_token, and nothing that is not signed."""
        claims = self._claims(token, nonce)
        is_proved = claims.get("email_verified") is True  # "false" would be true (pitfall of JSON)
        return self.person(
            subject=claims["sub"],
            email=claims.get("email") if is_proved else None,
            name=claims.get("name"),
            account=claims.get("email"),
        )

    def _claims(self, token: dict[str, Any], nonce: str) -> Mapping[str, Any]:
        """Return the claims, if they are for us and of this sign-in (Core 1.0, 3.1.3.7).

        The library is told both issuer and audience: left alone, it takes a token for somebody
        else as long as ``azp`` names us, and it says nothing when there is no id_token at all.
        """
        if not token.get("id_token"):
            raise AnswerRefused("no id_token")
        client_id = self.registration.client_id
        claims = cast(
            Mapping[str, Any],
            self.client().parse_id_token(
                token,
                nonce=nonce,
                claims_options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": client_id},
                },
                leeway=LEEWAY,
            ),
        )
        if claims["aud"] not in (client_id, [client_id]):
            raise AnswerRefused("the id_token is for others too")
        return claims
