"""Which names this application answers to, and whose word it takes for the client's address."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, redirect, request
from werkzeug import Response
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.face import face_here

LOOPBACK = ("localhost", "127.0.0.1", "::1")

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def health_under_any_host(wsgi_app: "WSGIApplication", host: str) -> "WSGIApplication":
    """Let probes ask for health by address: a load balancer knows no host name."""

    def middleware(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO", "").startswith("/health/"):
            environ["HTTP_HOST"] = host
        return wsgi_app(environ, start)

    return middleware


def redirect_to_localhost() -> Response | None:
    """Send 127.0.0.1 to localhost: cookies and providers' return addresses know one name only."""
    if request.host.split(":")[0] != "127.0.0.1" or request.method not in ("GET", "HEAD"):
        return None
    if face_here():  # a program knows no such names, and would lose its token on the way
        return None
    return redirect(request.url.replace("//127.0.0.1", "//localhost", 1), 307)


def init_app(app: Flask) -> None:
    """Trust the configured number of proxies, and nobody when there is none.

    With no proxy in front, a trusted X-Forwarded-For would let anybody choose the address that
    limits are counted under.
    """
    hops = app.config["TRUSTED_PROXIES"]
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    host = urlsplit(app.config["PUBLIC_URL"]).netloc
    app.wsgi_app = health_under_any_host(app.wsgi_app, host)  # type: ignore[method-assign,assignment]
    if app.config["APP_ENV"] == "development":
        app.before_request(redirect_to_localhost)
