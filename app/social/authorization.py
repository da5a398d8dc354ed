"""To a provider and back: the authorization request and its answer (RFC 6749, section 4.1).

What comes back proves who somebody is there. What that is worth here is decided in ``service``.
"""

import base64
from dataclasses import dataclass
from datetime import timedelta

from app.core import tokens
from app.core.encryption import DecryptionFailed, decrypt, encrypt
from app.core.outbox import public_address
from app.core.secrets import digest, new_secret
from app.social.provider import Person, Provider
from app.social.providers import providers
from app.social.refusals import AnswerRefused, ProviderRefused, StateLost

START = "social_start"
START_LIFETIME = timedelta(minutes=10)


class NoSuchProvider(Exception):
    """There is no such provider in this house."""


class Cancelled(ProviderRefused):
    """The person said no, or the provider did, in the words of the protocol."""


@dataclass(frozen=True)
class Start:
    """A sign-in that has begun and is used up.

    Args:
        user_id: who links; None for who signs in.
        next: where to go then.
        verifier: the secret half of PKCE (RFC 7636, section 4.1).
        nonce: what the id_token must hold.
    """

    user_id: int | None
    next: str
    verifier: str
    nonce: str


def get_provider(name: str) -> Provider:
    """Return a provider.

    Raises:
        NoSuchProvider: none has this name.
    """
    found = providers().get(name)
    if found is None:
        raise NoSuchProvider
    return found


def callback_address(provider: Provider) -> str:
    """Return where the provider sends people back, one address each (RFC 9700, 4.4.2)."""
    return public_address("social.callback", provider=provider.name)


def begin(provider: Provider, device: str, next_page: str, *, user_id: int | None = None) -> str:
    """Remember that a sign-in begins and return where to send the browser.

    State, nonce and verifier stand in a row. In a cookie they could be put back, and used again.

    Args:
        provider: whom to ask.
        device: the secret of the browser, which alone can finish it.
        next_page: where to go then.
        user_id: who links, if somebody does.

    Raises:
        ProviderRefused: the provider cannot be asked.
    """
    verifier, nonce = new_secret(), new_secret()
    content = {
        "provider": provider.name,
        "device": digest(device),
        "next": next_page,
        "nonce": nonce,
        "verifier": base64.b64encode(encrypt(verifier, START)).decode(),
    }
    state = tokens.issue(START, START_LIFETIME, user_id=user_id, data=content)
    return provider.authorization_address(callback_address(provider), state, verifier, nonce)


def take_up(provider: Provider, device: str, state: str) -> Start:
    """Return the sign-in that an answer belongs to, and use it up.

    Raises:
        StateLost: none, not of this browser, not at this provider, over, or used.
    """
    try:
        token = tokens.get(START, state)
        content = token.data
        if content["device"] != digest(device) or content["provider"] != provider.name:
            raise StateLost
        tokens.consume(token)
        verifier = decrypt(base64.b64decode(content["verifier"]), START)
    except (tokens.TokenRefused, DecryptionFailed):
        raise StateLost from None
    return Start(token.user_id, content["next"], verifier, content["nonce"])


def identify(provider: Provider, start: Start, answer: dict[str, str]) -> Person:
    """Return whom the provider has recognised. Asks it, so nothing should be locked meanwhile.

    Args:
        provider: whom we asked.
        start: what we asked.
        answer: the parameters of the callback.

    Raises:
        Cancelled: somebody said no.
        AnswerRefused: the answer does not hold.
        ProviderDown: there is none.
    """
    provider.check_issuer(answer.get("iss"))
    if "error" in answer:
        # Its description is whatever somebody wrote into an address, so nobody is shown it.
        raise Cancelled
    if not answer.get("code"):
        raise AnswerRefused("no code")
    return provider.exchange(
        answer["code"], callback_address(provider), start.verifier, start.nonce
    )
