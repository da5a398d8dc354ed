"""What this feature reads from the environment."""

from urllib.parse import urlsplit

from app.core.settings import Setting, comma_list


def origins(value: str) -> tuple[str, ...]:
    """Read origins: scheme, host and port, as browsers send them."""
    listed = comma_list(value)
    for origin in listed:
        parts = urlsplit(origin)
        if origin != f"{parts.scheme}://{parts.netloc}" or parts.scheme not in ("http", "https"):
            # No star either: every site of the world could then read what a stolen token opens.
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
