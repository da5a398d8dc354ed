# file of feature: login
"""A served application and a real Chromium in front of it."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from app import create_app
from app.extensions import db, limiter
from tests.conftest import SETTINGS, require_part

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Quiet: a browser under test has no business with the network beyond this machine.
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    require_part("Chromium", found, "sudo apt install chromium")
    flags = list(FLAGS)
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The address of an application that serves on a free port of this machine."""
    server = make_server("localhost", 0, _not_yet, threaded=True)
    public_url = f"http://localhost:{server.server_port}"
    database = f"sqlite:///{tmp_path}/browser.db"
    app = create_app({**SETTINGS, "PUBLIC_URL": public_url, "DATABASE_URL": database})
    with app.app_context():
        db.create_all()
        limiter.reset()
    server.app = app
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield public_url
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


def _not_yet(_: Any, start: Any) -> list[bytes]:
    start("503 Service Unavailable", [])
    return []


@pytest.fixture(params=["light", "dark"])
def page(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page in light and in dark, with everything that went wrong in it."""
    context = chromium.new_context(
        base_url=address, color_scheme=request.param, viewport={"width": 1100, "height": 800}
    )
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
