"""What this feature reads from the environment."""

import re

from app.core.settings import Setting, comma_list

# No star and nothing else of patterns: Flask-CORS would read one as a pattern that need only
# match the beginning, and the sites of strangers begin as they like.
ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?")


def origins(value: str) -> tuple[str, ...]:
    """Read origins: scheme, host and port, as browsers send them."""
    listed = comma_list(value)
    if not all(ORIGIN.fullmatch(origin) for origin in listed):
        raise ValueError("write origins by commas, for example https://app.example.com")
    return listed


def keys(value: str) -> tuple[str, ...]:
    """Read keys; the first signs, so there must be one."""
    if not (listed := comma_list(value)):
        raise ValueError("write at least one key")
    return listed


SETTINGS = (
    Setting(
        "JWT_KEYS",
        "Signs access and refresh tokens; several by commas: the first signs, all are accepted.",
        keys,
        secret=True,
    ),
    Setting(
        "API_ORIGINS",
        "Other sites whose pages may call the API from a browser, by commas.",
        origins,
        default=(),
    ),
)
