# file of feature: login
"""A served application, and a page of it in light and in dark."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app import create_app
from app.extensions import db, limiter
from tests.conftest import SETTINGS


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
