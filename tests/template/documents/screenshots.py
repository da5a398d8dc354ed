"""Take the pictures of tutorial and README from the real pages: `make screenshots`."""

import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.features import FEATURES
from tests.browser.chromium import launched
from tests.conftest import SETTINGS
from tests.template.documents.page import Reader, examples, source
from tests.template.documents.terminal import Terminal
from tests.template.documents.visitor import Visitor

ROOT = Path(__file__).resolve().parents[3]
TUTORIAL = ROOT / "docs" / "tutorial"
MARK = "\nPicture "
# As the reader's browser calls itself; the one that takes the pictures says that it has no window.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36"
)


def take(feature: str, colours: str, page: Page, name: str) -> None:
    """Take one picture, when everything that belongs to the page is there."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=TUTORIAL / feature / f"{name}-{colours}.png", animations="disabled")


def take_all(feature: str, colours: str, browser: Browser) -> None:
    """Do what a chapter says, up to its last picture, with an application of its own."""
    page = TUTORIAL / f"{feature}.md"
    blocks = [source(block) for block in examples(page)]
    last = max((n for n, block in enumerate(blocks) if MARK in block), default=-1)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"SITE_NAME": "Gatehouse", "DATABASE_URL": f"sqlite:///{folder}/pictures.db"}
        environment = {**os.environ, **SETTINGS, **settings}
        del environment["PUBLIC_URL"]  # it follows the port that `make run` is given
        pictures = partial(take, feature, colours)
        visitor = Visitor(lambda: browser, pictures, color_scheme=colours, user_agent=AGENT)
        with Reader(Terminal(ROOT, environment), visitor) as reader:
            reader.terminal.carry_out("$ make database\n")
            reader.read(page, blocks[: last + 1].__contains__)


if __name__ == "__main__":
    with launched() as chromium:
        for chapter in FEATURES:
            for scheme in ("light", "dark"):
                take_all(chapter, scheme, chromium)
            sys.stdout.write(f"Took the pictures of docs/tutorial/{chapter}.md\n")
