# file of feature: template
"""Make the pictures of README and tutorial from the real pages: `make screenshots`."""

import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page

from tests.browser import conftest as parts
from tests.conftest import PASSWORD, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZE = {"width": 1100, "height": 720}


@contextmanager
def page_in(scheme: str) -> "Iterator[Page]":
    """Open a page in light or dark on a fresh application."""
    with tempfile.TemporaryDirectory() as folder:
        chromium = parts.chromium.__wrapped__()
        address = parts.address.__wrapped__(Path(folder))
        context = next(chromium).new_context(
            base_url=next(address), color_scheme=scheme, viewport=SIZE
        )
        try:
            yield context.new_page()
        finally:
            context.close()
            for part in (address, chromium):
                next(part, None)


def take_all(page: Page, scheme: str) -> None:
    """Walk the first visit and take a picture at each step."""

    def take(name: str) -> None:
        page.screenshot(path=IMAGES / f"{name}-{scheme}.png")

    page.goto("/")
    take("home")
    page.goto("/register")
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill("ada@example.com")
    page.get_by_label("Password", exact=True).fill("too short")
    page.get_by_role("button", name="Create account").click()
    take("register")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    page.get_by_role("link", name="Open the development inbox").click()
    page.get_by_role("link", name="Confirm your address").click()
    take("mail")
    page.locator("pre a").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm my address").click()
    take("signed-in")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/login")
    take("sign-in")


if __name__ == "__main__":
    SETTINGS["SITE_NAME"] = "Gatehouse"
    IMAGES.mkdir(parents=True, exist_ok=True)
    for colours in ("light", "dark"):
        with page_in(colours) as opened:
            take_all(opened, colours)
    sys.stdout.write(f"Wrote {len(list(IMAGES.glob('*.png')))} pictures to docs/images.\n")
