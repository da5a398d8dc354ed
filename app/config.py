"""The settings of the house itself; each feature declares its own beside its code."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from app.core.hosts import LOOPBACK
from app.core.settings import Setting, comma_list, one_line, whole_number

NOT_SET = ("", "0", "false", "no")  # what Flask reads as no
MAX_REQUEST_BYTES = 1024 * 1024  # no feature takes files; a form or a JSON body is far below this


def _environment_name(value: str, _: Mapping[str, Any]) -> str | None:
    return None if value in ("production", "development") else "say production or development"


def public_url(value: str) -> str:
    """Read an address of scheme and host, without path or trailing slash."""
    parts = urlsplit(value.rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise ValueError("write scheme and host alone, for example https://example.com")
    return f"{parts.scheme}://{parts.netloc}"


def _public_url_fits(value: str, values: Mapping[str, Any]) -> str | None:
    host, scheme = urlsplit(value).hostname, urlsplit(value).scheme
    if values.get("APP_ENV") == "development" and host not in LOOPBACK:
        # A copied .env would show everybody's mail in the development inbox.
        return "development serves this machine alone: use http://localhost:8000"
    if values.get("APP_ENV") == "production" and scheme != "https" and host not in LOOPBACK:
        return "must begin with https://, or passwords and cookies travel in the open"
    return None


def _flask_debug(value: str, values: Mapping[str, Any]) -> str | None:
    if values.get("APP_ENV") == "production" and value.lower() not in NOT_SET:
        return "remove it: production has no debugger, whose page runs any code that it is sent"
    return None


def _log_level(value: str, _: Mapping[str, Any]) -> str | None:
    levels = ("DEBUG", "INFO", "WARNING", "ERROR")
    return None if value in levels else f"choose one of {', '.join(levels)}"


SETTINGS = (
    Setting(
        "APP_ENV",
        "production (the default) or development.",
        default="production",
        check=_environment_name,
    ),
    Setting("SITE_NAME", "The name on every page and in every mail.", one_line),
    Setting(
        "PUBLIC_URL",
        "The address people type; links in mails are built from it, never from a request.",
        read=public_url,
        check=_public_url_fits,
    ),
    Setting("SECRET_KEY", "Signs the session cookie and form tokens.", secret=True),
    Setting(
        "SECRET_KEY_FALLBACKS",
        "Former values of SECRET_KEY, by commas, while cookies signed with them live on.",
        read=comma_list,
        default=(),
        secret=True,
    ),
    Setting(
        "TRUSTED_PROXIES",
        "How many reverse proxies stand in front and set X-Forwarded-For themselves.",
        read=whole_number,
        default=0,
    ),
    Setting("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", default="INFO", check=_log_level),
    Setting(
        "FLASK_DEBUG",
        "Flask's own switch, refused in production. `make run` needs none: it debugs by APP_ENV.",
        default="",
        check=_flask_debug,
    ),
)


def configure_flask(app: Flask) -> None:
    """Set Flask's own switches from the settings; its defaults are open, these are closed."""
    production = app.config["APP_ENV"] == "production"
    host = urlsplit(app.config["PUBLIC_URL"]).hostname or ""
    secure = app.config["PUBLIC_URL"].startswith("https://")
    app.config.update(
        # Flask has read FLASK_DEBUG by itself. The development server alone switches it on.
        DEBUG=False,
        # An unknown Host could poison whatever is built from a request (CVE-2025-43930 in a
        # comparable application). Development also knows 127.0.0.1, to redirect it.
        TRUSTED_HOSTS=[host] if production else [*LOOPBACK],
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES // 2,
        MAX_FORM_PARTS=100,
        # The prefix makes the browser refuse the cookie from other hosts and plain http.
        SESSION_COOKIE_NAME="__Host-session" if secure else "session",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        # Lax and not Strict: the return from a provider's sign-in page is a cross-site GET.
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=90),
        # A form token lives as long as the session cookie it is bound to; an hour, the default,
        # only throws away what somebody typed slowly.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.config["SECRET_KEY_FALLBACKS"] = list(app.config["SECRET_KEY_FALLBACKS"])
