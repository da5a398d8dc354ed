# file of feature: accounts
"""Limits for each client address, on the routes that guess or send and nowhere else."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, TypeVar, cast

from flask import Flask, request
from flask_limiter import Limiter, RateLimitExceeded
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import TooManyAttempts, refuse

# One subscriber owns a whole /64 and can take a new address for every guess.
IPV6_PREFIX = 64

View = TypeVar("View", bound=Callable[..., Any])

GUESSING = "10 per minute; 60 per hour"


def guessing(use_case: str, *, methods: tuple[str, ...] = ("POST",)) -> Callable[[View], View]:
    """Limit how often one client tries a use case, counted together for every face it has.

    Args:
        use_case: names the count; the page and its counterpart for programs share it.
        methods: those that count.
    """
    limit = limiter.shared_limit(GUESSING, use_case, methods=list(methods))

    def mark(view: View) -> View:
        limited = cast(View, limit(view))
        # A mark, like those of access, for whoever describes the route.
        limited.guessing = use_case  # type: ignore[attr-defined]
        return limited

    return mark


def client_network() -> str:
    """Return what counts as one client: an IPv4 address or an IPv6 network."""
    try:
        address = ip_address(request.remote_addr or "0.0.0.0")  # noqa: S104 - compared, not bound
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


class RouteLimiter(Limiter):
    """Flask-Limiter, asked by the routes that have a limit and not by every request.

    A limited view asks for itself. Before that, the library looks at every request for limits that
    hold everywhere, and where there are none, finding that out costs as much as bare Flask.
    """

    def init_app(self, app: Flask) -> None:
        """Take the application in, without the hooks behind every answer.

        They add headers about limits, which are not sent here, serve ``deduct_when``, which is
        not used, and forget what the request itself forgets.
        """
        super().init_app(app)
        del app.after_request_funcs[None][-1], app.teardown_request_funcs[None][-1]

    def _check_request_limit(
        self, callable_name: str | None = None, in_middleware: bool = True
    ) -> None:
        known = self.limit_manager
        everywhere = known.application_limits or known.default_limits or known._blueprint_limits
        if everywhere or self._meta_limits or not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RouteLimiter(client_network)


def configure(app: Flask) -> None:
    """Set the limiter up: counts by the setting, and one kind of refusal for all limits."""
    app.config["RATELIMIT_STORAGE_URI"] = app.config["LIMITS_STORAGE"]
    app.config["RATELIMIT_STRATEGY"] = "moving-window"
    app.register_error_handler(RateLimitExceeded, _too_many_from_here)
    limiter.init_app(app)


def _too_many_from_here(_: RateLimitExceeded) -> Response:
    breached = limiter.current_limit
    reset_at = breached.reset_at if breached else clock.now().timestamp() + 60
    return refuse(TooManyAttempts(max(1, int(reset_at - clock.now().timestamp()))))
