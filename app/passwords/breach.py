"""Leaked passwords, looked up at a service that does not get to know the password.

Five hexadecimal digits of a hash leave the house. The service answers with what follows them in
every leaked hash that begins so, hundreds of them, and the comparison is made here. SHA-1 is the
protocol of these services and protects nothing: a fifth of the hash says too little to try.
"""

import hashlib
import re
import socket
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, SimpleQueue
from ssl import create_default_context
from threading import BoundedSemaphore, Thread
from urllib.parse import urlsplit

SHOWN_DIGITS = 5
PATIENCE = 2.0  # seconds for the whole look-up; somebody waits for the answer to their form
LONGEST_ANSWER = 512 * 1024
AT_ONCE = 4
ROW = re.compile(r"([0-9A-F]{35}):(\d{1,12})")
# Padding makes all answers equally long, so that their length does not tell the digits either.
HEADERS = {"Add-Padding": "true", "User-Agent": "password-check", "Connection": "close"}

_places = BoundedSemaphore(AT_ONCE)


class LookUpFailed(Exception):
    """The service has not answered, or not with what can be read; the message says which."""


def is_leaked(password: str, address: str) -> bool:
    """Tell whether a password is known to have leaked.

    Args:
        password: as it was typed.
        address: of the service, up to where the five digits stand.

    Raises:
        LookUpFailed: nobody knows.
    """
    typed = password.encode("utf-8", "surrogatepass")
    digits = hashlib.sha1(typed, usedforsecurity=False).hexdigest().upper()
    answer = _ask_in_time(address + digits[:SHOWN_DIGITS])
    rows = [ROW.fullmatch(line) for line in answer.upper().split()]
    if not rows or not all(rows):
        raise LookUpFailed("the answer is no list of hashes")
    # A row that was seen no times is padding.
    return any(row[1] == digits[SHOWN_DIGITS:] and int(row[2]) > 0 for row in rows if row)


def _ask_in_time(address: str) -> str:
    """Return the answer, or give up when the time is over.

    A time-out of the socket begins anew with every byte, and a service that sends one now and
    then would hold the request for ever. So the wait is here, and a thread does the asking. Few
    may ask at once: what hangs must not add up.
    """
    question = _Question(address)
    if not _places.acquire(blocking=False):
        raise LookUpFailed("too many look-ups at once")
    question.start()
    try:
        answer = question.answers.get(timeout=PATIENCE)
    except Empty:
        question.hang_up()
        raise LookUpFailed("no answer in time") from None
    if isinstance(answer, Exception):
        raise LookUpFailed(str(answer)) from answer
    return answer


class _Question(Thread):
    """A question on its way to the service. It follows no redirects and asks no proxies."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(address)
        host = parts.hostname or ""
        self.path = parts.path
        self.answers: SimpleQueue[str | LookUpFailed] = SimpleQueue()
        self.socket: socket.socket | None = None
        if parts.scheme == "https":
            context = create_default_context()  # certificate and name are verified
            self.connection: HTTPConnection = HTTPSConnection(
                host, parts.port, timeout=PATIENCE, context=context
            )
        else:
            self.connection = HTTPConnection(host, parts.port, timeout=PATIENCE)

    def run(self) -> None:
        """Ask, and hand over the answer or what went wrong."""
        try:
            with closing(self.connection):
                self.answers.put(self._ask())
        except LookUpFailed as failure:
            self.answers.put(failure)
        except (OSError, HTTPException, ValueError) as error:
            self.answers.put(LookUpFailed(type(error).__name__))
        finally:
            _places.release()

    def _ask(self) -> str:
        self.connection.connect()
        self.socket = self.connection.sock
        self.connection.request("GET", self.path, headers=HEADERS)
        with self.connection.getresponse() as response:
            if response.status != 200:
                raise LookUpFailed(f"status {response.status}")
            body = response.read(LONGEST_ANSWER + 1)
        if len(body) > LONGEST_ANSWER:
            raise LookUpFailed("the answer is too long")
        if response.length:  # of what was promised, this much did not come
            raise LookUpFailed("the answer was cut off")
        return body.decode("ascii")

    def hang_up(self) -> None:
        """End the connection, and with it the thread that waits for more of it."""
        if self.socket is not None:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)
