"""The provider for development: who plays Google and GitHub while there are no keys."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from app.social.provider import Registration

PLAYED = ("google", "github")
DEFAULT_PORTS = {"http": 80, "https": 443}
TOO_LONG = 20.0  # seconds: more than the application has patience for


class NotInProduction(Exception):
    """Whoever reaches this provider can be anybody."""


@dataclass(frozen=True)
class Persona:
    """Somebody made up, who has an account at the local provider.

    Args:
        key: what the provider knows them by.
        number: the same at GitHub, where people are numbers.
        name: what they are called.
        about: what they are for.
        emails: the address, and whether it is proved; the first one is the main one.
        refuses: they say no.
        waits: the provider takes too long for them.
        breaks: the provider breaks for them.
    """

    key: str
    number: int
    name: str
    about: str
    emails: tuple[tuple[str, bool], ...] = field(default=())
    refuses: bool = False
    waits: bool = False
    breaks: bool = False


PERSONAS = (
    Persona("emmy", 101, "Emmy Noether", "has a proved address", (("emmy@example.com", True),)),
    Persona(
        "mallory",
        102,
        "Mallory",
        "never proved the address",
        (("mallory@example.com", False),),
    ),
    Persona(
        "ada",
        103,
        "Ada Lovelace",
        "may have an account here, registered with a password",
        (("ada@example.com", True),),
    ),
    Persona(
        "sophie",
        104,
        "Sophie Germain",
        "has several addresses, of which one is proved and the main one",
        (
            ("sophie@example.com", True),
            ("leblanc@example.com", True),
            ("sophie@example.net", False),
        ),
    ),
    Persona("niels", 105, "Niels Abel", "says no when asked", refuses=True),
    Persona("karl", 106, "Karl Weierstrass", "makes the provider take too long", waits=True),
    Persona("kurt", 107, "Kurt Gödel", "makes the provider break", breaks=True),
)


def is_installed() -> bool:
    """Return whether the package is there that the provider is built on: development has it."""
    return find_spec("oidc_provider_mock") is not None


def local_address(config: Mapping[str, Any]) -> str:
    """Return where the local provider listens.

    127.0.0.1 beside localhost is another site to a browser, as a provider is; with both on one
    name, a cookie that does not come back from there would never be noticed.
    """
    url = urlsplit(config["PUBLIC_URL"])
    port = config["LOCAL_PROVIDER_PORT"] or (url.port or DEFAULT_PORTS[url.scheme]) + 1
    return f"http://127.0.0.1:{port}"


def stand_in(config: Mapping[str, Any], name: str) -> Registration | None:
    """Return who plays a provider in development; nobody does in production."""
    if config["APP_ENV"] != "development" or name not in PLAYED:
        return None
    return Registration(
        name=name,
        label=f"{config[f'{name.upper()}_LABEL']} (local)",
        url=local_address(config),
        client_id="local",
        client_secret="everybody-knows",  # noqa: S106 - it opens made-up accounts
        is_local=True,
    )
