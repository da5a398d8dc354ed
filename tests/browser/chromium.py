# file of feature: login
"""The system's Chromium, one for all tests that need a browser."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.conftest import require_part

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


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium without a window, and end it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    require_part("Chromium", found, "sudo apt install chromium")
    flags = list(FLAGS)
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses its sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser whose windows a test opens and closes."""
    with launched() as browser:
        yield browser
