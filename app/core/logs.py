"""Logs: one line an event, a request id on each, and no secret in any.

JSON in production, plain lines in development. Secrets are kept out by three rules: a request is
named by its route and never by its path or body, the database engine hides parameters, and
whatever still looks like a secret is blotted out before a line is written.
"""

import logging
import re
import time
from logging.config import dictConfig
from secrets import token_hex
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

# Our tokens are 43 characters of base64url (256 bits). Signed cookies and JWTs contain dots
# between long parts. The rest are names that stand before a value: password=..., token: ...
SECRET_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43,}(?:\.[A-Za-z0-9_-]+)*"
    r"|(?P<name>(?:password|passwd|secret|token|authorization|cookie|api[_-]?key)"
    r"[\"']?\s*[=:]\s*)(?P<value>\"[^\"]*\"|'[^']*'|[^\s,;&]+)",
    re.IGNORECASE,
)
PLAIN = "%(asctime)s %(levelname)-7s %(request_id)s %(name)s: %(message)s"
FIELDS = "%(asctime)s %(levelname)s %(request_id)s %(name)s %(message)s"
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

log = logging.getLogger("app.request")


def blot_out(line: str) -> str:
    """Replace everything that looks like a secret."""
    return SECRET_SHAPES.sub(lambda found: f"{found['name'] or ''}[redacted]", line)


class InUTC(logging.Formatter):
    """Moments in UTC that say so (RFC 3339), wherever the machine is (ASVS 5.0.0, 16.2.2)."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"


class PlainRedacted(InUTC):
    """Lines for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets, tracebacks included."""
        return blot_out(super().format(record))


class JSONRedacted(InUTC, JsonFormatter):
    """Lines for a log collector."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line without secrets, tracebacks included."""
        return blot_out(super().format(record))


class WithRequestId(logging.Filter):
    """Put the id of the request on every line that is written during it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id and let the line through."""
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return True


def start_request() -> None:
    """Give the request an id; a proxy's id is taken over only from a trusted one."""
    g.started = time.perf_counter()
    trusted = "werkzeug.proxy_fix.orig" in request.environ
    given = request.headers.get("X-Request-ID", "") if trusted else ""
    g.request_id = given if REQUEST_ID.fullmatch(given) else token_hex(16)


def end_request(response: Response) -> Response:
    """Write the one line of the request: the route, never the path, which may hold a token."""
    route = request.url_rule.rule if request.url_rule else "(no route)"
    milliseconds = (time.perf_counter() - g.started) * 1000
    log.info("%s %s %s %.0f ms", request.method, route, response.status_code, milliseconds)
    response.headers["X-Request-ID"] = g.request_id
    return response


def _configuration(level: str, formatter: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": WithRequestId}},
        "formatters": {
            "plain": {"()": PlainRedacted, "format": PLAIN},
            "json": {"()": JSONRedacted, "fmt": FIELDS, "json_ensure_ascii": False},
        },
        "handlers": {
            "stream": {
                "class": "logging.StreamHandler",
                "stream": "ext://flask.logging.wsgi_errors_stream",
                "formatter": formatter,
                "filters": ["request_id"],
            }
        },
        "root": {"level": level, "handlers": ["stream"]},
        # werkzeug's access line holds the whole path; ours, above, does not.
        "loggers": {
            "werkzeug": {"level": "WARNING"},
            "alembic.runtime.plugins": {"level": "WARNING"},
            "huey": {"level": "WARNING"},
        },
    }


def init_app(app: Flask) -> None:
    """Set the format up and number the requests."""
    formatter = "plain" if app.config["APP_ENV"] == "development" else "json"
    dictConfig(_configuration(app.config["LOG_LEVEL"], formatter))
    app.before_request(start_request)
    app.after_request(end_request)
