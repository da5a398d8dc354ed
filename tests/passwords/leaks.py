"""A service on this machine that knows leaked passwords, and can behave badly."""

import hashlib
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PADDING = "0" * 34
HANGING = 20  # seconds that an answer takes which never comes


class Leaks:
    """The service: what it was asked, what it knows, and how it answers.

    Attributes:
        answers: ``well``, or the name of what goes wrong.
        paths: what was asked for.
        headers: what came with it.
    """

    def __init__(self) -> None:
        self.answers = "well"
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._counts: dict[str, int] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("", (Handler,), {"leaks": self}))
        self.server.daemon_threads = True
        self._thread = Thread(target=self.server.serve_forever, args=(0.02,))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/range/"

    def knows(self, password: str, times: int = 7) -> None:
        """Count a password as leaked so many times."""
        digest = hashlib.sha1(password.encode())  # noqa: S324 - the service's protocol
        self._counts[digest.hexdigest().upper()] = times

    def body(self, prefix: str) -> str:
        """Return the rows of a prefix, with padding as the real service adds it."""
        rows = [f"{PADDING}{n:X}:0" for n in range(10)]
        rows += [f"{d[5:]}:{n}" for d, n in self._counts.items() if d.startswith(prefix)]
        return "\r\n".join(sorted(rows))

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One answer, well or badly."""

    leaks: Leaks

    def do_GET(self) -> None:
        self.leaks.paths.append(self.path)
        self.leaks.headers.append({name.lower(): value for name, value in self.headers.items()})
        getattr(self, self.leaks.answers)(self.path.rpartition("/")[2])

    def well(self, prefix: str) -> None:
        self.say(self.leaks.body(prefix).encode())

    def status(self, _: str) -> None:
        self.say(b"", status=500)

    def redirect(self, prefix: str) -> None:
        self.say(b"", status=302, location=f"{self.leaks.address}elsewhere/{prefix}")

    def garbage(self, prefix: str) -> None:
        self.say(f"<html>{self.leaks.body(prefix)}</html>".encode())

    def binary(self, _: str) -> None:
        self.say(bytes(range(256)))

    def nothing(self, _: str) -> None:
        self.say(b"")

    def no_http(self, _: str) -> None:
        self.wfile.write(b"220 this is something else\r\n")

    def huge(self, prefix: str) -> None:
        self.say((self.leaks.body(prefix) + f"\r\n{PADDING}F:0" * 20_000).encode())

    def cut(self, prefix: str) -> None:
        self.say(self.leaks.body(prefix).encode(), promised=100_000)

    def silent(self, _: str) -> None:
        time.sleep(HANGING)

    def drip(self, _: str) -> None:
        self.send_response(200)
        self.end_headers()
        self.trickle(b"0")

    def drip_headers(self, _: str) -> None:
        self.trickle(b"H")

    def trickle(self, byte: bytes) -> None:
        """Send one byte now and then, until nobody listens."""
        for _ in range(HANGING * 20):
            try:
                self.wfile.write(byte)
            except OSError:
                return
            time.sleep(0.05)

    def say(self, body: bytes, status: int = 200, location: str = "", promised: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(promised or len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
