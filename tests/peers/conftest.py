"""Providers that are not ours: npm packages, run by the Node that Playwright brings.

The lying one wants a newer Node than Debian has, so the one of the browser tests runs them all.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import playwright
import pytest

from tests.parts import require_part

HERE = Path(__file__).parent
NODE = Path(playwright.__file__).parent / "driver" / "node"
CLIENT_ID = "gatehouse"
CLIENT_SECRET = "a-secret-of-the-tests-a-secret-of-the-tests"
PATIENCE = 60  # seconds


class Peer:
    """A provider in a process of its own.

    Attributes:
        url: where it is.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.url = self.read()

    def read(self) -> str:
        """Return the next line that it prints."""
        assert self.process.stdout
        line = self.process.stdout.readline().strip()
        assert line, "the provider has ended"
        return line

    def tell(self, line: str) -> None:
        """Tell it something, and wait until it has heard it."""
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        assert self.read() == line


@contextmanager
def playing(script: str, *arguments: str) -> Iterator[Peer]:
    """Begin a provider, and end it."""
    require_part("peers")
    process = subprocess.Popen(
        [NODE, HERE / script, *arguments],
        env={**os.environ, "CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Peer(process)
    finally:
        for stream in (process.stdin, process.stdout):
            assert stream
            stream.close()
        process.wait(PATIENCE)


@pytest.fixture(scope="session")
def liar() -> Iterator[Peer]:
    """The lying provider, one for all its faults."""
    with playing("liar.mjs") as peer:
        yield peer


@pytest.fixture(scope="session")
def known_faults(liar: Peer) -> set[str]:
    """What it can be told, as it says itself."""
    return set(liar.read().split("\t"))
