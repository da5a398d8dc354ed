"""A command and all that it starts, ended together."""

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import IO

from tests.template.documents import Fault

# Installing packages is the longest thing a command does.
PATIENCE = 300
ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")


class Process:
    """A script that runs, with what it has said."""

    def __init__(self, running: "subprocess.Popen[bytes]", output: IO[bytes]) -> None:
        self._running, self._output = running, output

    def said(self) -> str:
        """Return what it has said up to now."""
        end = self._output.seek(0, os.SEEK_END)
        text = os.pread(self._output.fileno(), end, 0).decode("utf-8", "replace")
        return ESCAPE_SEQUENCE.sub("", text)

    def status(self) -> int:
        """Wait for its end and return its status.

        Raises:
            Fault: it does not end.
        """
        try:
            return self._running.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Fault(f"It did not end within {PATIENCE} seconds:\n{self.said()}") from None

    def wait_until_it_serves(self, port: str) -> None:
        """Wait until a server answers that it is ready.

        Raises:
            Fault: it ends instead, or takes too long.
        """
        self._wait_until(lambda: _is_ready(port), "It does not serve")

    def wait_until_it_says(self, words: str) -> None:
        """Wait for words of it.

        Raises:
            Fault: it ends without them, or takes too long.
        """
        self._wait_until(lambda: words in self.said(), f"It does not say: {words}")

    def _wait_until(self, reached: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._running.poll() is None and time.monotonic() < deadline:
            if reached():
                return
            time.sleep(0.1)
        raise Fault(f"{otherwise}:\n{self.said()}")


def _is_ready(port: str) -> bool:
    with closing(HTTPConnection("localhost", int(port), timeout=5)) as connection:
        try:
            connection.request("GET", "/health/ready")
            return connection.getresponse().status == HTTPStatus.OK
        except OSError:  # nobody listens yet
            return False


@contextmanager
def started(script: str, folder: Path, environment: Mapping[str, str]) -> Iterator[Process]:
    """Run a script in bash, in a group of processes that ends with the block.

    Args:
        script: what bash runs.
        folder: where.
        environment: what it finds in its environment, and nothing else.
    """
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(
            ["bash", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as running,
    ):
        try:
            yield Process(running, output)
        finally:
            for way in (signal.SIGTERM, signal.SIGKILL):
                with suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(running.pid, way)
                    running.wait(10)
