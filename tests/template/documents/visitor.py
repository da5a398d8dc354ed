"""The steps of a page, done in a real browser.

The sentences are few, so that a page reads the same everywhere. docs/_extensions/steps.py shows
them as a numbered list.
"""

import re
import time
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, Error, Page
from pyotp import TOTP

from tests.template.documents import Fault

Pictures = Callable[[Page, str], None]
PATIENCE = 60  # seconds; a machine that runs many tests at once is slow
ANYTHING = "..."
AGAIN = re.compile(r"Do the last (?P<steps>\d) steps (?P<times>\d) times more")
VISIBLE_VALUES = """fields => fields
    .filter(field => field.type !== "hidden" && field.offsetParent)
    .map(field => field.value)"""


def no_pictures(_: Page, name: str) -> None:
    """Take no picture where a page has a place for one."""


def _pattern(text: str) -> str:
    # Playwright hands patterns on to JavaScript, where a bare slash would end them.
    return r"[\s\S]*".join(map(re.escape, text.split(ANYTHING))).replace("/", r"\/")


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{_pattern(text)}\s*$")


def _all_steps(block: str) -> list[str]:
    """Return the lines of a block, with what is to be repeated written out."""
    steps: list[str] = []
    for line in filter(None, map(str.strip, block.splitlines())):
        again = AGAIN.fullmatch(line)
        steps += steps[-int(again["steps"]) :] * int(again["times"]) if again else [line]
    return steps


class Visitor:
    """Somebody at a browser.

    Args:
        browser: what returns the browser; not asked for by a page without steps.
        pictures: what takes a picture of a page, with its name.
        options: of the window, such as its colours.
    """

    def __init__(
        self, browser: Callable[[], Browser], pictures: Pictures = no_pictures, **options: str
    ) -> None:
        self._browser, self._pictures, self._options = browser, pictures, options
        self._window: Page | None = None
        self._app: TOTP | None = None
        self._used = ""
        self._noted = ""

    def carry_out(self, block: str) -> None:
        """Do the steps of a block, one a line.

        Raises:
            Fault: a step cannot be done, or something is not to be seen.
        """
        for line in _all_steps(block):
            try:
                self._carry_out(line)
            except Error as error:
                raise Fault(f"{line}\n{error.message}\n{self._seen()}") from None
            except Fault as fault:
                raise Fault(f"{line}\n{fault}\n{self._seen()}") from None

    def _carry_out(self, line: str) -> None:
        for sentence, step in STEPS.items():
            if found := re.fullmatch(sentence, line):
                step(self, *found.groups())
                return
        raise Fault("There is no such step.")

    def close(self) -> None:
        """Close the window."""
        if self._window:
            self._window.context.close()
            self._window = None

    @property
    def _page(self) -> Page:
        if self._window is None:
            size = {"width": 1000, "height": 640}
            context = self._browser().new_context(viewport=size, **self._options)
            self._window = context.new_page()
            self._window.set_default_timeout(PATIENCE * 1000)
        return self._window

    def _open(self, address: str) -> None:
        self._page.goto(address)

    def _reload(self) -> None:
        self._page.reload()

    def _type(self, text: str, label: str) -> None:
        self._page.get_by_label(_whole(label)).first.fill(text)

    def _choose(self, option: str, label: str) -> None:
        self._page.get_by_label(_whole(label)).first.select_option(label=option)

    def _tick(self, label: str) -> None:
        self._page.get_by_label(_whole(label)).first.check()

    def _untick(self, label: str) -> None:
        self._page.get_by_label(_whole(label)).first.uncheck()

    def _press(self, name: str) -> None:
        self._page.get_by_role("button", name=_whole(name)).first.click()

    def _follow(self, name: str) -> None:
        self._page.get_by_role("link", name=_whole(name)).first.click()

    def _see(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(Error):  # the page was just leaving
                if self._shows(text):
                    return
            self._page.wait_for_timeout(100)
        raise Fault("It is not to be seen.")

    def _see_not(self, text: str) -> None:
        # A click may still be on its way to the next page.
        self._page.wait_for_load_state("networkidle")
        if self._shows(text):
            raise Fault("It is to be seen.")

    def _read_secret(self) -> None:
        self._app = TOTP(self._page.locator("#secret").inner_text().replace(" ", ""))

    def _type_code(self, label: str) -> None:
        """Type what the app shows; it works once, so wait for the next one like everybody."""
        assert self._app is not None
        while (code := self._app.now()) == self._used:
            time.sleep(1)
        self._used = code
        self._type(code, label)

    def _note(self) -> None:
        self._noted = self._page.locator("#recovery-codes code").first.inner_text()

    def _type_noted(self, label: str) -> None:
        self._type(self._noted, label)

    def _take(self, name: str) -> None:
        self._pictures(self._page, name)

    def _shows(self, text: str) -> bool:
        # Style sheets may show a text in capitals, and a reader does not mind.
        pattern = re.compile(_pattern(" ".join(text.split())), re.IGNORECASE)
        return pattern.search(self._seen()) is not None

    def _seen(self) -> str:
        """Return the visible text of the page and of its fields, on one line."""
        values = self._page.locator("input, textarea").evaluate_all(VISIBLE_VALUES)
        return " ".join(" ".join([self._page.inner_text("body"), *values]).split())


STEPS: dict[str, Callable[..., None]] = {
    r"Open (http://\S+)": Visitor._open,
    r"Reload the page": Visitor._reload,
    r'Type "([^"]*)" into "([^"]+)"': Visitor._type,
    r'Choose "([^"]+)" in "([^"]+)"': Visitor._choose,
    r'Tick "([^"]+)"': Visitor._tick,
    r'Untick "([^"]+)"': Visitor._untick,
    r'Press "([^"]+)"': Visitor._press,
    r'Follow "([^"]+)"': Visitor._follow,
    r"Use another browser": Visitor.close,
    r"Let your app read the picture": Visitor._read_secret,
    r'Type the code that your app shows into "([^"]+)"': Visitor._type_code,
    r"Write down the first code": Visitor._note,
    r'Type the code that you wrote down into "([^"]+)"': Visitor._type_noted,
    r'You should see "([^"]+)"': Visitor._see,
    r'You should not see "([^"]+)"': Visitor._see_not,
    r'Picture "([a-z-]+)"': Visitor._take,
}
