"""What this feature reads from the environment."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.core.hosts import LOOPBACK
from app.core.settings import Setting, comma_list, one_line, whole_number

NAME = re.compile(r"[a-z][a-z0-9]{1,29}")
# Where a provider is, if its setting says nothing else.
ADDRESSES = {"google": "https://accounts.google.com", "github": "https://github.com"}
LABELS = {"google": "Google", "github": "GitHub"}
LAST_PORT = 65535


def provider_names(value: str) -> tuple[str, ...]:
    """Read the names of providers; each begins the names of its settings and its addresses."""
    names = comma_list(value.lower())
    if len(set(names)) != len(names) or not all(map(NAME.fullmatch, names)):
        raise ValueError("write each name once, in letters and digits: google,github,acme")
    return names


def provider_url(value: str) -> str:
    """Read the address of a provider; http travels in the open, so on this machine only."""
    parts = urlsplit(value)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    is_plain = value.isascii() and value.isprintable() and not set(value) & set(" ?#@")
    if not (parts.hostname and is_private and is_plain):
        raise ValueError("write an address such as https://login.example.com")
    return value.rstrip("/")


def _port(value: int, _: Mapping[str, Any]) -> str | None:
    return None if value <= LAST_PORT else "write a port, for example 8001"


def provider_settings(names: tuple[str, ...]) -> list[Setting]:
    """Return the settings of each provider: what it is called, where it is, and who we are to it.

    Args:
        names: as ``provider_names`` returns them.
    """
    return [setting for name in names for setting in _settings_of(name)]


def _settings_of(name: str) -> tuple[Setting, ...]:
    label, prefix = LABELS.get(name, name.title()), name.upper()

    def has_both(secret: str, values: Mapping[str, Any]) -> str | None:
        if bool(secret) != bool(values.get(f"{prefix}_CLIENT_ID")):
            return f"goes with {prefix}_CLIENT_ID: set both, or neither"
        return None

    def has_address(url: str, values: Mapping[str, Any]) -> str | None:
        if not url and values.get(f"{prefix}_CLIENT_ID"):
            return f"is missing: the address before /.well-known/openid-configuration of {label}"
        return None

    return (
        Setting(f"{prefix}_CLIENT_ID", f"Who this application is to {label}.", default=""),
        Setting(
            f"{prefix}_CLIENT_SECRET",
            f"What proves it to {label}.",
            default="",
            check=has_both,
        ),
        Setting(
            f"{prefix}_URL",
            f"Where {label} is: the issuer of an OpenID provider.",
            provider_url,
            default=ADDRESSES.get(name, ""),
            check=has_address,
        ),
        Setting(f"{prefix}_LABEL", f"What people call {label}.", one_line, default=label),
    )


SETTINGS = (
    Setting(
        "SOCIAL_PROVIDERS",
        "Who else may say who somebody is, in the order of the buttons.",
        provider_names,
        default=("google", "github"),
        brings=provider_settings,
    ),
    Setting(
        "LOCAL_PROVIDER_PORT",
        "Where the provider for development listens; 0 is the port after that of PUBLIC_URL.",
        whole_number,
        default=0,
        check=_port,
    ),
    Setting(
        "SERVE_LOCAL_PROVIDER",
        "1 serves it along with the application, as `make run` does; development only.",
        whole_number,
        default=0,
    ),
)
