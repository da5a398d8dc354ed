# file of feature: accounts
"""Limits for each client address, on the routes that guess or send and nowhere else."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, request
from flask_limiter import RateLimitExceeded
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import TooManyAttempts, too_many_attempts

# One subscriber owns a whole /64 and can take a new address for every guess.
IPV6_PREFIX = 64

GUESSING = "10 per minute; 60 per hour"


def client_network() -> str:
    """Return what counts as one client: an IPv4 address or an IPv6 network."""
    try:
        address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - compared, not bound
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def configure(app: Flask) -> None:
    """Set the limiter up: counts by the setting, and one kind of refusal for all limits."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["LIMITS_STORAGE"]
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    app.register_error_handler(RateLimitExceeded, _too_many_from_here)


def _too_many_from_here(_: RateLimitExceeded) -> Response:
    from app.extensions import limiter

    breached = limiter.current_limit
    reset_at = breached.reset_at if breached else clock.now().timestamp() + 60
    return too_many_attempts(TooManyAttempts(max(1, int(reset_at - clock.now().timestamp()))))
