"""A provider: how it is asked who somebody is, and what of its answer counts.

What differs between protocols is left to ``openid`` and ``github``.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import LONGEST_NAME
from app.accounts.name import is_one_line
from app.core import clock
from app.social.models import LONGEST_ACCOUNT_NAME, LONGEST_SUBJECT
from app.social.refusals import AnswerRefused

if TYPE_CHECKING:
    from app.social.wire import Client

SECRET_WAYS = "token_endpoint_auth_methods_supported"  # noqa: S105 - the name of a field
# In the body where it may be: the library writes a header without the encoding of RFC 6749, 2.3.1.
POST, BASIC = "client_secret_post", "client_secret_basic"
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


def wire() -> ModuleType:
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
        self._client: Client | None = None
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

    def client(self) -> "Client":
        """Return Authlib's client of it, which learns its addresses when they are first needed.

        Without a lock: two that learn at once learn the same, and nobody waits for a third who
        waits for a provider that is away.
        """
        is_old = self._learnt_at is None or clock.now() - self._learnt_at > LEARNT_ANEW_AFTER
        if self._client is None or is_old:
            self._client, self._learnt_at = self._make_client(self.learn()), clock.now()
        return self._client

    def _make_client(self, learnt: dict[str, Any]) -> "Client":
        ways = learnt.pop(SECRET_WAYS, None) or [BASIC]  # RFC 8414, section 2
        client: Client = wire().Client(
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
        with wire().understanding():
            self.client()

    def authorization_address(
        self, redirect_uri: str, state: str, verifier: str, nonce: str
    ) -> str:
        """Return where to send the browser (RFC 9700, 2.1.1).

        Raises:
            ProviderRefused: it does not say where.
        """
        asked = {"nonce": nonce} if self.asks_for_nonce else {}
        with wire().understanding():
            began = self.client().create_authorization_url(
                redirect_uri, state=state, code_verifier=verifier, **asked
            )
        return str(began["url"])

    def check_issuer(self, said: str | None) -> None:
        """Hold who claims to answer against who was asked: the mix-up attack (RFC 9207, 2.4).

        Raises:
            AnswerRefused: it was another one, or one that should have said so and did not.
        """
        with wire().understanding():
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
        with wire().understanding():
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
