"""What this feature reads from the environment."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from app.core.settings import Setting, whole_number

SHORTEST_MINIMUM = 8  # ASVS 5.0.0, 6.2.1: never below, whatever else is asked for
WEAKEST_ROUNDS_IN_PRODUCTION = 10  # ASVS 5.0.0, appendix C
BCRYPT_ROUNDS = range(4, 32)  # what bcrypt itself accepts


def database_url(value: str) -> str:
    """Read a database address in the forms hosts give it, and name the driver we ship."""
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    if not value.startswith(("sqlite://", "postgresql+psycopg://")):
        raise ValueError("write sqlite:///app.db or postgresql://user:password@host/name")
    return value


def encryption_keys(value: str) -> tuple[bytes, ...]:
    """Read the ring of keys when it is used, not before the declaration is read."""
    from app.core.encryption import encryption_keys as read

    return read(value)


def smtp_url(value: str) -> str:
    """Read the address of a mail server."""
    try:
        server = urlsplit(value)
        usable = server.scheme in ("smtp", "smtps") and server.hostname and server.port != 0
    except ValueError:
        usable = False  # its own message would repeat what may be half of the password
    if not usable:
        raise ValueError("write smtp://user:password@host:587 or smtps://user:password@host:465")
    return value


def jobs_storage(value: str) -> str:
    """Read where wake-ups wait: a file beside the database, or Redis."""
    if not value.removeprefix("sqlite:///").strip() or not value.startswith(
        ("sqlite:///", "redis://", "rediss://")
    ):
        raise ValueError("write sqlite:///jobs.db or redis://host:6379/0")
    return value


def sender(value: str) -> str:
    """Read a bare address; the name beside it is SITE_NAME."""
    if "@" not in value or "<" in value or not value.isprintable() or " " in value:
        raise ValueError("write a bare address, for example hello@example.com")
    return value


def _server_in_production(value: str, values: Mapping[str, Any]) -> str | None:
    if not value and values.get("APP_ENV") == "production":
        return "is missing; production cannot confirm an address without a mail server"
    return None


def _length(value: int, values: Mapping[str, Any]) -> str | None:
    if values.get("APP_ENV") == "production" and value < SHORTEST_MINIMUM:
        return f"must be at least {SHORTEST_MINIMUM} in production"
    return None


def _rounds(value: int, values: Mapping[str, Any]) -> str | None:
    if value not in BCRYPT_ROUNDS:
        return "write a number from 4 to 31; 12 is the default"
    if values.get("APP_ENV") == "production" and value < WEAKEST_ROUNDS_IN_PRODUCTION:
        return f"must be at least {WEAKEST_ROUNDS_IN_PRODUCTION} in production"
    return None


SETTINGS = (
    Setting("DATABASE_URL", "Where accounts are kept: sqlite:// or postgresql://.", database_url),
    Setting(
        "ENCRYPTION_KEYS",
        "Encrypts what must be readable again; several by commas, the first encrypts.",
        encryption_keys,
        secret=True,
    ),
    Setting("MAIL_FROM", "The address that every mail comes from.", sender),
    Setting(
        "SMTP_URL",
        "The mail server; without one, mails stay in the development inbox.",
        smtp_url,
        default="",
        check=_server_in_production,
    ),
    Setting(
        "JOBS_STORAGE",
        "Where wake-ups for the worker wait: sqlite:///jobs.db in `instance`, or redis://host.",
        jobs_storage,
        default="sqlite:///jobs.db",
    ),
    Setting(
        "PASSWORD_MIN_LENGTH",
        "Characters a password needs when it is the only proof (NIST SP 800-63B-4, 3.1.1.2).",
        whole_number,
        default=15,
        check=_length,
    ),
    Setting(
        "BCRYPT_ROUNDS",
        "The cost of a password hash; each step doubles it.",
        whole_number,
        default=12,
        check=_rounds,
    ),
    Setting(
        "HASHING_AT_ONCE",
        "How many passwords one process hashes at the same time before it answers 503.",
        whole_number,
        default=4,
    ),
    Setting(
        "LIMITS_STORAGE",
        "Where attempts by address are counted: memory:// or redis://host.",
        default="memory://",
    ),
)
