"""The providers: how each is asked who somebody is, and what of its answer counts.

One class for each protocol. OpenID providers differ in their settings alone; one that speaks
OAuth and no OpenID, as GitHub does, says in a few lines where its people are found.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import urlsplit

from flask import Flask, current_app

from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME
from app.accounts.name import is_one_line
from app.core import clock
from app.core.feature import SignInOption
from app.social.models import LONGEST_ACCOUNT_NAME, LONGEST_SUBJECT
from app.social.refusals import AnswerRefused

if TYPE_CHECKING:
    from app.social import wire

DISCOVERY = "/.well-known/openid-configuration"  # OpenID Connect Discovery 1.0, section 4
# Of what a provider says about itself, no more than this reaches the library.
METADATA = (
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "authorization_response_iss_parameter_supported",
    "token_endpoint_auth_methods_supported",
)
SECRET_WAYS = METADATA[-1]
# In the body where it may be: the library writes a header without the encoding of RFC 6749, 2.3.1.
POST, BASIC = "client_secret_post", "client_secret_basic"
# Signatures by a key of the provider's alone. "none" signs nothing, and HS256 is signed with a
# secret that we hold too (ASVS 5.0.0, 9.1.2).
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
LEEWAY = 30  # seconds that two clocks may differ
LEARNT_ANEW_AFTER = timedelta(hours=12)


@dataclass(frozen=True)
class Registration:
    """Where a provider is, and who this application is to it.

    Args:
        name: begins its settings, and stands in its addresses.
        label: what people call it.
        url: where it is.
        client_id: who we are.
        client_secret: what proves it.
        is_local: it is the one for development.
    """

    name: str
    label: str
    url: str
    client_id: str
    client_secret: str
    is_local: bool = False


@dataclass(frozen=True)
class Person:
    """Somebody, as a provider knows them.

    Args:
        provider: its name.
        subject: what it calls them, for ever and nobody else.
        email: an address that it has proved to be theirs, normalised; None without one.
        name: what to call them.
        account_name: how they know their account there.
    """

    provider: str
    subject: str
    email: str | None
    name: str
    account_name: str


def _wire() -> ModuleType:
    """Load Authlib when somebody first goes to a provider; it takes as long as a few pages."""
    from app.social import wire

    return wire


class Provider(ABC):
    """A provider, ready to be asked.

    Attributes:
        scope: what we ask to know, and not more.
    """

    scope: ClassVar[str]

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self._client: wire.Client | None = None
        self._learnt_at: datetime | None = None

    @property
    def name(self) -> str:
        """Return the name that begins its settings."""
        return self.registration.name

    @property
    def label(self) -> str:
        """Return what people call it."""
        return self.registration.label

    @property
    def url(self) -> str:
        """Return where it is."""
        return self.registration.url

    @property
    def issuer(self) -> str:
        """Return what it calls itself in its answers (RFC 9207, section 2)."""
        return self.url

    @property
    def asks_for_nonce(self) -> bool:
        """Tell whether it answers with an id_token, which holds our nonce."""
        return "openid" in self.scope.split()

    @abstractmethod
    def learn(self) -> dict[str, Any]:
        """Return its addresses, by the names of RFC 8414."""

    @abstractmethod
    def find_person(self, token: dict[str, Any], nonce: str) -> Person:
        """Return whose token it is. The token is not kept.

        Raises:
            AnswerRefused: the answer does not hold.
        """

    def client(self) -> "wire.Client":
        """Return Authlib's client of it, which learns its addresses when they are first needed.

        Without a lock: two that learn at once learn the same, and nobody waits for a third who
        waits for a provider that is away.
        """
        is_old = self._learnt_at is None or clock.now() - self._learnt_at > LEARNT_ANEW_AFTER
        if self._client is None or is_old:
            self._client, self._learnt_at = self._make_client(self.learn()), clock.now()
        return self._client

    def _make_client(self, learnt: dict[str, Any]) -> "wire.Client":
        ways = learnt.pop(SECRET_WAYS, None) or [BASIC]  # RFC 8414, section 2
        client: wire.Client = _wire().Client(
            self.name,
            client_id=self.registration.client_id,
            client_secret=self.registration.client_secret,
            client_kwargs={
                "scope": self.scope,
                "code_challenge_method": "S256",
                "token_endpoint_auth_method": POST if POST in ways else BASIC,
            },
            **learnt,
        )
        return client

    def meet(self) -> None:
        """Find out whether it is there, and who it says it is.

        Raises:
            ProviderRefused: it is not.
        """
        with _wire().understanding():
            self.client()

    def authorization_address(
        self, redirect_uri: str, state: str, verifier: str, nonce: str
    ) -> str:
        """Return where to send the browser (RFC 9700, 2.1.1).

        Raises:
            ProviderRefused: it does not say where.
        """
        asked = {"nonce": nonce} if self.asks_for_nonce else {}
        with _wire().understanding():
            began = self.client().create_authorization_url(
                redirect_uri, state=state, code_verifier=verifier, **asked
            )
        return str(began["url"])

    def check_issuer(self, said: str | None) -> None:
        """Hold who claims to answer against who was asked: the mix-up attack (RFC 9207, 2.4).

        Raises:
            AnswerRefused: it was another one, or one that should have said so and did not.
        """
        with _wire().understanding():
            promised = self.client().server_metadata.get(
                "authorization_response_iss_parameter_supported"
            )
        if said != self.issuer and (said is not None or promised is True):
            raise AnswerRefused("the issuer of the answer is another one")

    def exchange(self, code: str, redirect_uri: str, verifier: str, nonce: str) -> Person:
        """Return who a code is for, and forget the token it was exchanged for.

        Raises:
            ProviderDown: there is no answer.
            AnswerRefused: the answer does not hold.
        """
        with _wire().understanding():
            token = self.client().fetch_access_token(
                redirect_uri, code=code, code_verifier=verifier
            )
            # Of another kind, or empty, the library takes it too (RFC 6749, section 7.1).
            if not token["access_token"] or token["token_type"].lower() != "bearer":
                raise AnswerRefused("no access token")
            return self.find_person(dict(token), nonce)

    def ask(self, token: dict[str, Any], address: str, **parameters: str) -> Any:
        """Return what the provider tells the holder of a token, from JSON."""
        answer = self.client().get(address, token=token, params=parameters)
        answer.raise_for_status()
        return answer.json()

    def person(
        self, *, subject: str, email: object = None, name: object = None, account: object = None
    ) -> Person:
        """Return a person with what of the answer can be used.

        Args:
            subject: what the provider calls them.
            email: only if the provider says that it is proved.
            name: as they wrote it there.
            account: how they know their account; without it, by the address.

        Raises:
            AnswerRefused: the subject is none.
        """
        if not subject or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
            raise AnswerRefused("no subject")
        proved = _address(email)
        return Person(
            provider=self.name,
            subject=subject,
            email=proved,
            name=_one_line(name, LONGEST_NAME)
            or (proved or subject).partition("@")[0][:LONGEST_NAME],
            account_name=_one_line(account, LONGEST_ACCOUNT_NAME) or proved or subject,
        )


class OpenID(Provider):
    """Any provider that speaks OpenID Connect Core 1.0 and tells where it is reached."""

    scope = "openid email profile"

    def learn(self) -> dict[str, Any]:
        """Read the discovery document (OpenID Connect Discovery 1.0, section 4.3)."""
        with _wire().Wire() as line:
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


class GitHub(Provider):
    """GitHub, or GitHub Enterprise under an address of its own: OAuth without OpenID."""

    scope = "read:user user:email"

    @property
    def issuer(self) -> str:
        """Return what GitHub calls itself when it sends people back."""
        return f"{self.url}/login/oauth"

    @property
    def api(self) -> str:
        """Return where its people are found."""
        is_public = self.url == "https://github.com"
        return "https://api.github.com" if is_public else f"{self.url}/api/v3"

    def learn(self) -> dict[str, Any]:
        """Return addresses that GitHub documents; it has no discovery."""
        return {
            "authorization_endpoint": f"{self.url}/login/oauth/authorize",
            "token_endpoint": f"{self.url}/login/oauth/access_token",
            SECRET_WAYS: [POST],
        }

    def find_person(self, token: dict[str, Any], nonce: str) -> Person:
        """Ask who holds the token; the address in a profile may be anybody's, so it is not read.

        People are known by their number: a login name can be given up and taken by another.
        """
        found = self.ask(token, f"{self.api}/user")
        addresses = self.ask(token, f"{self.api}/user/emails", per_page="100")
        if isinstance(found["id"], bool) or not isinstance(found["id"], int):
            raise AnswerRefused("no number")
        proved = [one for one in addresses if one["verified"] is True and one["primary"] is True]
        return self.person(
            subject=str(found["id"]),
            email=proved[0]["email"] if proved else None,
            name=found.get("name"),
            account=found.get("login"),
        )


# Which class a name of SOCIAL_PROVIDERS stands for; every other name is an OpenID provider.
KINDS: dict[str, type[Provider]] = {"github": GitHub}


def _address(text: object) -> str | None:
    try:
        return normalize_email(text) if isinstance(text, str) else None
    except EmailRefused:
        return None


def _one_line(text: object, longest: int) -> str:
    """Return what somebody wrote about themselves elsewhere, fit for a page and a mail."""
    if not isinstance(text, str) or not is_one_line(text):
        return ""
    return "".join(character for character in text.strip() if character.isprintable())[:longest]


def configure(app: Flask) -> None:
    """Make the providers that there are keys for, in the order of the setting.

    In development a provider without keys is played by the one on this machine, if there is a
    play of it.
    """
    from app.social.local import stand_in

    found: dict[str, Provider] = {}
    for name in app.config["SOCIAL_PROVIDERS"]:
        registration = _registration(app.config, name) or stand_in(app.config, name)
        if registration:
            found[name] = KINDS.get(name, OpenID)(registration)
    app.extensions["social"] = found
    if app.config["SERVE_LOCAL_PROVIDER"] and any(
        one.registration.is_local for one in found.values()
    ):
        from app.social.local_provider import serve_beside  # installed for development alone

        serve_beside(app)


def _registration(config: Mapping[str, Any], name: str) -> Registration | None:
    prefix = name.upper()
    if not config[f"{prefix}_CLIENT_ID"]:
        return None
    return Registration(
        name=name,
        label=config[f"{prefix}_LABEL"],
        url=config[f"{prefix}_URL"],
        client_id=config[f"{prefix}_CLIENT_ID"],
        client_secret=config[f"{prefix}_CLIENT_SECRET"],
    )


def providers() -> dict[str, Provider]:
    """Return the providers of the current application by name."""
    return cast(dict[str, Provider], current_app.extensions["social"])


def sign_in_options() -> list[SignInOption]:
    """Return a button for each."""
    return [
        SignInOption(one.name, f"Continue with {one.label}", "social.start")
        for one in providers().values()
    ]
