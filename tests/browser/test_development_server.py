# file of feature: login
"""The debugger of the development server in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.site.development import project, started

pytestmark = [pytest.mark.process, pytest.mark.browser]

__all__ = ["project"]  # a fixture


def test_the_debugger_opens_on_an_error_and_runs_code_after_its_pin(
    page: Page, project: Path, tmp_path: Path
) -> None:
    with started(project, tmp_path / "output") as server:
        pin = re.search(r"Debugger PIN: (\S+)", server.said())
        assert pin
        page.goto(f"http://localhost:{server.port}/broken")
        expect(page.get_by_role("heading", name="ZeroDivisionError")).to_be_visible()
        page.locator("div.frame pre.current").last.hover()
        page.locator("div.frame pre.current img").last.click()
        page.locator("input[name=pin]").fill("000-000-000")
        page.locator("input[name=btn]").click()
        expect(page.locator(".pin-prompt")).to_be_visible()
        page.locator("input[name=pin]").fill(pin[1])
        page.locator("input[name=btn]").click()
        expect(page.locator(".pin-prompt")).to_be_hidden()
        console = page.locator(".console input[type=text]")
        console.fill("6 * 7")
        console.press("Enter")
        expect(page.locator(".console")).to_contain_text("42")
