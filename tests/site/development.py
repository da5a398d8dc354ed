"""A copy of the project behind the development server, for tests that edit it while it runs."""

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import SystemRandom

import pytest

import devserver
from app.core.project import ROOT
from tests.conftest import SETTINGS

PATIENCE = 60  # seconds; a loaded machine takes many times as long as a quiet one
COPIED = ("app", "templates", "devserver.py", "migrations")
LOADED = "the application is loaded"
VIEWS = '''

@blueprint.get("/broken")
@public
def broken() -> str:
    """Fail, for the tests of the development server."""
    raise ZeroDivisionError("a mistake of mine")


@blueprint.get("/answer")
@public
def answer() -> str:
    """Say something that a test changes."""
    return "before"
'''


class Running:
    """A development server, its project and what it has written to the terminal."""

    def __init__(self, project: Path, output: Path, process: "subprocess.Popen[bytes]") -> None:
        self.project, self.output, self.process = project, output, process
        self.port = 0

    def said(self) -> str:
        """Return the output so far."""
        return self.output.read_text("utf-8")

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        line = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def wait(self, happened: Callable[[], object]) -> None:
        """Wait until something has happened."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.05)

    @contextmanager
    def edited(self, name: str, old: str, new: str, then: str) -> Iterator[None]:
        """Change a file, wait for words in the terminal, and change it back after the block."""
        file = self.project / name
        before = file.read_text("utf-8")
        assert old in before
        try:
            self._write(file, before.replace(old, new), then)
            yield
        finally:
            self._write(file, before, "Serving again after")

    def _write(self, file: Path, text: str, then: str) -> None:
        count = self.said().count(then)
        file.write_text(text, "utf-8")
        self.wait(lambda: self.said().count(then) > count)
        self.get("/health/live")  # it answers when it watches the files


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with two more pages, and a word in the terminal for each loading."""
    folder = tmp_path_factory.mktemp("project")
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    with (folder / "app/site/views.py").open("a", encoding="utf-8") as views:
        views.write(VIEWS)
    with (folder / "app/__init__.py").open("a", encoding="utf-8") as package:
        package.write(f'\n\nprint("{LOADED}", flush=True)\n')
    settings = {**SETTINGS, "DATABASE_URL": f"sqlite:///{folder}/app.db", "LOG_LEVEL": "INFO"}
    del settings["PUBLIC_URL"]
    (folder / ".env").write_text("".join(f"{n}='{v}'\n" for n, v in settings.items()), "utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], **more}


@contextmanager
def started(project: Path, output: Path, *options: str, **more: str) -> Iterator[Running]:
    """Run the server until the end of the block."""
    port = devserver.free_port(SystemRandom().randrange(10_000, 30_000, 10))
    command = [sys.executable, "-m", "devserver", "--port", str(port), *options]
    # The port after a random one may be in use, so the provider gets one of its own.
    with socket.create_server(("127.0.0.1", 0)) as free:
        more.setdefault("LOCAL_PROVIDER_PORT", str(free.getsockname()[1]))
    with output.open("wb") as terminal:
        process = subprocess.Popen(
            command,
            cwd=project,
            env=environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(project, output, process)
    try:
        running.wait(lambda: "Serving on" in running.said())
        address = re.search(r"Serving on http://localhost:(\d+)", running.said())
        assert address, running.said()
        running.port = int(address[1])
        running.get("/health/live")  # it answers when it watches the files
        yield running
    finally:
        process.terminate()
        process.wait(PATIENCE)
