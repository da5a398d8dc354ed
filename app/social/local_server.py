"""Where the local provider listens: bound at once, loaded when it is needed."""

import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.core.beside import PortTaken, announce
from app.social.local import TOO_LONG, NotInProduction, local_address

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# Its packages take as long to load as a third of the application. The first page comes before them.
LOADED_AFTER = 2.0  # seconds


class Quiet(WSGIRequestHandler):
    """Leaves the terminal to the application, which it shares."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Loading:
    """The provider for an application, made once: on the first request or when asked to load."""

    def __init__(self, app: Flask, too_long: float) -> None:
        self.app, self.too_long = app, too_long
        self._lock = threading.Lock()
        self._provider: WSGIApplication | None = None

    def load(self) -> "WSGIApplication":
        """Make the provider, unless it is made already, and return it."""
        from app.social.local_provider import make_provider  # installed for development alone

        with self._lock:
            if self._provider is None:
                self._provider = make_provider(self.app, too_long=self.too_long)
            return self._provider

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        return self.load()(environ, start_response)


def open_server(app: Flask, *, too_long: float = TOO_LONG) -> BaseWSGIServer:
    """Return a server of the provider, bound and not yet serving.

    Args:
        app: the application that people sign in to.
        too_long: seconds that the provider waits for the slow test user.

    Raises:
        NotInProduction: the application is no development.
        PortTaken: something else listens there.
    """
    if app.config["APP_ENV"] != "development":
        raise NotInProduction
    address = urlsplit(local_address(app.config))
    host, port = str(address.hostname), int(address.port or 0)
    try:
        listener = socket.create_server((host, port))
    except OSError:
        cure = "Change LOCAL_PROVIDER_PORT." if app.config["LOCAL_PROVIDER_PORT"] else ""
        raise PortTaken(port, "for the local sign-in provider", cure) from None
    with listener:  # the server has a copy of its own
        provider = Loading(app, too_long)
        fd = listener.fileno()
        return make_server(host, port, provider, threaded=True, request_handler=Quiet, fd=fd)


def serve(app: Flask) -> None:
    """Play the providers on this machine until Ctrl+C.

    Raises:
        NotInProduction: the application is no development.
        PortTaken: something else listens there.
    """
    server = open_server(app)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def serve_beside(app: Flask) -> None:
    """Play the providers for as long as this process lasts.

    The port is bound before this returns, so no request comes too early.

    Raises:
        PortTaken: something else listens there.
    """
    server = open_server(app)
    announce(app, "Google and GitHub, played locally", local_address(app.config))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    loading = threading.Timer(LOADED_AFTER, server.app.load)  # type: ignore[attr-defined]
    loading.daemon = True
    loading.start()
