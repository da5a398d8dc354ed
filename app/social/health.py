"""What `flask doctor` says of the providers: what to paste there, and what would not work."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import current_app

from app.core.hosts import LOOPBACK
from app.social.authorization import callback_address
from app.social.provider import Provider
from app.social.providers import providers
from app.social.refusals import ProviderRefused


def words() -> Iterator[str]:
    """Yield what is to be pasted at each provider, and what only the owner can know."""
    for provider in providers().values():
        if not provider.registration.is_local:
            yield f"Callback address for {provider.label}: {callback_address(provider)}"
    for name in current_app.config["SOCIAL_PROVIDERS"]:
        if name not in providers():
            prefix = name.upper()
            yield (
                f"{name} has no keys, so it has no button. Register this callback address there "
                f"and set {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET: "
                f"{current_app.config['PUBLIC_URL']}/social/{name}/callback"
            )
    config = current_app.config
    if config["PUBLIC_URL"].startswith("https://") and not config["TRUSTED_PROXIES"]:
        yield (
            "TRUSTED_PROXIES=0: right if this application speaks https itself. If a reverse proxy "
            "does, set it to 1, or all visitors share the proxy's address and its limits."
        )


def doctor() -> Iterator[str]:
    """Yield a sentence for each fault, with its cure."""
    real = [one for one in providers().values() if not one.registration.is_local]
    if not real:
        return
    yield from _cookies()
    yield from _hosts()
    for provider in real:
        yield from _reach(provider)


def _cookies() -> Iterator[str]:
    config = current_app.config
    if config["SESSION_COOKIE_SAMESITE"] != "Lax":
        yield (
            "SESSION_COOKIE_SAMESITE must be Lax: with another value the way back from a provider "
            "finds nobody signed in."
        )
    if config["SESSION_COOKIE_SECURE"] != config["PUBLIC_URL"].startswith("https://"):
        yield "SESSION_COOKIE_SECURE does not fit PUBLIC_URL: cookies are secure on https and only."


def _hosts() -> Iterator[str]:
    config = current_app.config
    url = urlsplit(config["PUBLIC_URL"])
    production = config["APP_ENV"] == "production"
    if url.hostname in LOOPBACK and url.hostname != "localhost":
        yield "PUBLIC_URL should name localhost: providers and cookies take addresses for others."
    if production and url.hostname in LOOPBACK:
        yield (
            "PUBLIC_URL names this machine, so a provider sends people to their own: write the "
            "address that they type."
        )


def _reach(provider: Provider) -> Iterator[str]:
    try:
        provider.meet()
    except ProviderRefused as refusal:
        yield (
            f"{provider.label} is not reached at {provider.url} ({refusal}): check "
            f"{provider.name.upper()}_URL and the way out of this machine."
        )
