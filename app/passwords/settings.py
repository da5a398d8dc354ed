"""What this feature reads from the environment."""

from urllib.parse import urlsplit

from app.core.hosts import LOOPBACK
from app.core.settings import Setting


def look_up_address(value: str) -> str:
    """Read an address to which the first digits of a hash are appended; http on loopback only."""
    parts = urlsplit(value)
    is_private = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    is_plain = value.isascii() and value.isprintable() and not set(value) & set(" ?#@")
    if not (parts.hostname and parts.port != 0 and is_private and is_plain):
        raise ValueError("write an address such as https://api.pwnedpasswords.com/range/")
    return value.rstrip("/") + "/"


SETTINGS = (
    Setting(
        "BREACH_LOOKUP_URL",
        "Where five digits of a new password's hash are looked up among leaked ones; empty is off.",
        look_up_address,
        default="",
    ),
)
