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
    connection = _connection(address)
    if not _places.acquire(blocking=False):
        raise LookUpFailed("too many look-ups at once")
    answers: SimpleQueue[str | Exception] = SimpleQueue()
    asking = (connection, urlsplit(address).path, answers)
    Thread(target=_ask, args=asking, daemon=True).start()
    try:
        answer = answers.get(timeout=PATIENCE)
    except Empty:
        _hang_up(connection)
        raise LookUpFailed("no answer in time") from None
    if isinstance(answer, LookUpFailed):
        raise answer
    if isinstance(answer, Exception):
        raise LookUpFailed(type(answer).__name__) from answer
    return answer


def _connection(address: str) -> HTTPConnection:
    """Return the way to the service. It follows no redirects and asks no proxies."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = create_default_context()  # the certificate and its name are verified
        return HTTPSConnection(host, parts.port, timeout=PATIENCE, context=context)
    return HTTPConnection(host, parts.port, timeout=PATIENCE)


def _ask(connection: HTTPConnection, path: str, answers: SimpleQueue[str | Exception]) -> None:
    try:
        with closing(connection):
            connection.request("GET", path, headers=HEADERS)
            answers.put(_read(connection))
    except (OSError, HTTPException, ValueError, LookUpFailed) as error:
        answers.put(error)
    finally:
        _places.release()


def _read(connection: HTTPConnection) -> str:
    with connection.getresponse() as response:
        if response.status != 200:
            raise LookUpFailed(f"status {response.status}")
        body = response.read(LONGEST_ANSWER + 1)
    if len(body) > LONGEST_ANSWER:
        raise LookUpFailed("the answer is too long")
    return body.decode("ascii")


def _hang_up(connection: HTTPConnection) -> None:
    """End the wait of the thread; what it was sent until now is of no use."""
    with suppress(OSError, AttributeError):  # there may be no socket yet, or none any more
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
