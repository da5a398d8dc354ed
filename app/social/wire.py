"""The line to a provider: Authlib, with an end to every wait and nothing that escapes.

Authlib speaks OAuth and OpenID. What it leaves open is closed here: it waits for ever, follows
redirects with a secret in hand, reads answers of any length, and lets a dozen kinds of exceptions
out, which would be a traceback for whoever signs in.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import JoseError

from app.social.refusals import AnswerRefused, ProviderDown

CONNECT_PATIENCE = 3.0  # seconds
READ_PATIENCE = 5.0  # seconds without a byte
WHOLE_PATIENCE = 8.0  # seconds for a whole answer; somebody waits for their page
LONGEST_ANSWER = 512 * 1024
AT_ONCE = 8  # in one process; a provider that hangs must not hold every thread that serves pages

_places = BoundedSemaphore(AT_ONCE)

# It writes the code verifier of each sign-in at DEBUG (ASVS 5.0.0, 16.2.5).
logging.getLogger("authlib").setLevel(logging.INFO)


@contextmanager
def understanding() -> Iterator[None]:
    """Turn whatever an answer can make a library raise into one of two refusals.

    Raises:
        ProviderDown: the wire or the other end.
        AnswerRefused: what came over it.
    """
    try:
        yield
    except requests.exceptions.JSONDecodeError as error:
        raise AnswerRefused(type(error).__name__) from error
    except requests.RequestException as error:
        raise ProviderDown(type(error).__name__) from error
    except (AuthlibBaseError, JoseError) as error:
        raise AnswerRefused(type(error).__name__) from error
    # A list where an object belongs, a word where a number does: whoever sends it can make the
    # libraries, and us, stumble in any of these ways.
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError, RecursionError) as error:
        raise AnswerRefused(type(error).__name__) from error


class Wire(OAuth2Session):  # type: ignore[misc]
    """A session of requests that ends by itself, whatever the other end does."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> requests.Response:
        """Send, and read an answer of reasonable length in reasonable time.

        Raises:
            requests.RequestException: it took too long, was too long or led elsewhere.
        """
        options |= {
            "stream": True,
            "allow_redirects": False,  # a secret would go along (RFC 9700, 4.12)
            "timeout": (CONNECT_PATIENCE, READ_PATIENCE),
        }
        if not _places.acquire(blocking=False):
            raise requests.ConnectionError("too many at once")
        try:
            return self._ask(method, url, *args, **options)
        finally:
            _places.release()

    def _ask(self, *args: Any, **options: Any) -> requests.Response:
        began = time.monotonic()
        response: requests.Response = super().request(*args, **options)
        try:
            response._content = _read(response, began + WHOLE_PATIENCE)
        finally:
            response.close()
        if response.is_redirect:
            raise requests.TooManyRedirects("a redirect where an answer belongs")
        return response


def _read(response: requests.Response, until: float) -> bytes:
    """Return the body. A time-out of the socket begins anew with every byte, so we look too."""
    body = bytearray()
    for piece in response.iter_content(16 * 1024):
        body += piece
        if time.monotonic() > until:
            raise requests.Timeout("the answer does not end")
        if len(body) > LONGEST_ANSWER:
            raise requests.RequestException("the answer is too long")
    return bytes(body)


class Client(FlaskOAuth2App):  # type: ignore[misc]
    """Authlib's client over our wire. It is given what Flask's session would hold, and keeps
    neither that nor a token."""

    client_cls = Wire

    def __init__(self, name: str, **options: Any) -> None:
        super().__init__(FlaskIntegration(name), name, **options)
