"""Where a person may be sent next: only ever to a page of this application."""

from urllib.parse import urlsplit

from flask import request

FIRST_CONTROL_FREE = 0x20


def safe_next(target: str | None, default: str = "/") -> str:
    """Return the target if it is a path of our own, else the default.

    Browsers read ``//host``, ``/\\host`` and ``/<tab>/host`` as another site, and drop control
    characters before they look, so those are refused before anything is parsed. What is left may
    still be no address at all, and ``urlsplit`` says so by raising.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return default
    if any(ord(c) < FIRST_CONTROL_FREE or c in "\x7f\\" for c in target):
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target


def own_path() -> str:
    """Return path and query of this request, to come back to."""
    return request.full_path.rstrip("?")


def own_referrer() -> str:
    """Return the path of the page that sent this form, if it was ours."""
    parts = urlsplit(request.referrer or "")
    return safe_next(parts.path) if parts.netloc == request.host else "/"
