"""The documents as a site: built without a warning, searched, read on a phone and by everybody."""

import functools
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from flask.cli import AppGroup
from playwright.sync_api import Browser, expect

from app import config
from app.api.openapi import address_of
from app.core.access import STATIC_ENDPOINTS
from app.core.events import EVENTS
from app.core.feature import Feature
from app.core.registry import load_features
from app.extensions import db
from app.features import FEATURES

pytestmark = pytest.mark.process

ROOT = Path(__file__).resolve().parents[3]
# Rules that the theme and Sphinx break by themselves, whatever is written on a page.
OF_THE_THEME = {
    "aria-required-attr": "the headings of its menu have no level",
    "definition-list": "what is made of docstrings holds a list within a list",
    "landmark-unique": "its two menus are landmarks without a name",
    "page-has-heading-one": "its page for searching has none",
    "scrollable-region-focusable": "its boxes around wide tables and code cannot take the focus",
}
OFF = {name: {"enabled": False} for name in OF_THE_THEME}
# In other colours, only what is about colours can be different.
LOOKS: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {"rules": OFF},
    "dark": {"runOnly": ["color-contrast"]},
}
PHONE = {"width": 375, "height": 667}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents, built once."""
    html = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    done = subprocess.run(
        [*build, ROOT / "docs", html], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return html


@pytest.fixture(scope="module")
def served(built: Path) -> Iterator[str]:
    """The documents on this machine: a search reads files that a browser asks for."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("localhost", 0), functools.partial(Quiet, directory=str(built)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def pages(built: Path) -> list[str]:
    return sorted(
        path.relative_to(built).as_posix()
        for path in built.rglob("*.html")
        if "_static" not in path.parts
    )


def test_no_link_within_the_documents_leads_nowhere(built: Path) -> None:
    missing = []
    for page in pages(built):
        text = (built / page).read_text("utf-8")
        for target, _, place in re.findall(r'href="([^"#:?]*)(#([^"]*))?"', text):
            path = (built / page).parent / target if target else built / page
            if not path.exists():
                missing.append(f"{page}: {target}")
            elif place and path.suffix == ".html":
                name = re.escape(place)
                if not re.search(rf'(id|name)="{name}"', path.read_text("utf-8")):
                    missing.append(f"{page}: {target}#{place}")
    assert missing == []


def test_the_reference_names_everything(built: Path, app: Flask) -> None:
    """What the pages of reference compute is held against what the application has."""

    def missing(page: str, names: Iterable[str]) -> list[str]:
        text = unescape(
            re.sub(r"<[^>]+>", "", (built / f"reference/{page}.html").read_text("utf-8"))
        )
        return [name for name in names if name not in text]

    features = list(load_features(FEATURES))
    settings = [*config.SETTINGS, *(one for feature in features for one in feature.settings)]
    assert missing("settings", (one.name for one in settings)) == []
    rules = [
        rule.rule for rule in app.url_map.iter_rules() if rule.endpoint not in STATIC_ENDPOINTS
    ]
    assert missing("routes", (one for one in rules if not one.startswith("/api/"))) == []
    assert (
        missing("api", (address_of(one) for one in app.url_map.iter_rules() if "/api/" in one.rule))
        == []
    )
    groups = [one for one in app.cli.commands.values() if isinstance(one, AppGroup)]
    commands = [
        f"flask {group.name} {name}"
        for group in groups
        for name, command in group.commands.items()
        if command.callback.__module__.startswith("app.")
    ]
    assert missing("commands", commands) == []
    assert missing("declarations", (one.name for one in fields(Feature))) == []
    assert missing("mails", (one.mail for feature in features for one in feature.notices)) == []
    assert (
        missing("permissions", (one.name for feature in features for one in feature.permissions))
        == []
    )
    assert missing("security-events", EVENTS) == []
    with app.app_context():
        tables = [
            (made.name, [one.name for one in made.columns]) for made in db.metadata.sorted_tables
        ]
    assert missing("tables", (name for made, columns in tables for name in (made, *columns))) == []
    marks = (
        "public",
        "signed_in",
        "recently_authenticated",
        "permission_required",
        "roles_required",
    )
    assert missing("decorators", (f"@{name}" for name in (*marks, "guessing"))) == []


def test_pictures_have_words_for_those_who_do_not_see_them(built: Path) -> None:
    for page in pages(built):
        for picture in re.findall(r"<img[^>]*>", (built / page).read_text("utf-8")):
            assert re.search(r'alt="[^"]{10,}"', picture), f"{page}: {picture}"


@pytest.mark.browser
def test_a_search_finds_the_page(chromium: Browser, served: str) -> None:
    page = chromium.new_page()
    page.goto(f"{served}/search.html?q=authenticator")
    expect(page.locator("#search-results a").first).to_be_visible()
    found = page.locator("#search-results a").all_inner_texts()
    assert any("Authenticator" in title for title in found)
    page.close()


@pytest.mark.browser
def test_every_page_fits_a_phone_and_is_clear_to_everybody(
    chromium: Browser, built: Path, served: str, record_property: Callable[[str, object], None]
) -> None:
    complaints: dict[str, list[str]] = {}
    for colours, looked_for in LOOKS.items():
        page = chromium.new_page(viewport=PHONE, color_scheme=colours)
        for name in pages(built):
            page.goto(f"{served}/{name}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            said = [f"{wide} pixels wide"] if wide > PHONE["width"] else []
            options = {"resultTypes": ["violations"], **looked_for}
            said += [
                f"{colours}: {rule['id']}: {rule['nodes'][0]['html'][:120]}"
                for rule in Axe().run(page, options=options).response["violations"]
            ]
            complaints.setdefault(name, []).extend(said)
        page.close()
    assert {name: said for name, said in complaints.items() if said} == {}
    record_property("pages seen in a browser", len(pages(built)))


def test_what_is_included_is_counted(record_property: Callable[[str, object], None]) -> None:
    """Sphinx refuses a snippet whose source is gone; here is how many there are."""
    found = [
        path
        for path in (ROOT / "docs").rglob("*.md")
        if "_build" not in path.parts
        for _ in re.findall(r"^```\{literalinclude\}", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert found
    record_property("snippets included", len(found))
