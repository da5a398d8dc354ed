"""The example client for browsers, on a page of the house and on one of another site."""

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.api.clients.house import EMAIL, House
from tests.browser.chromium import PATIENCE, SOON, serving
from tests.conftest import PASSWORD, Clock

pytestmark = pytest.mark.browser

MODULE = Path(__file__).with_name("clients") / "client.js"
AT_ONCE = 6
BEGIN_HERE = """async () => {
  const { Client, BorrowedToken } = await import("/static/client.js");
  const formToken = document.querySelector("[name=csrf_token]").value;
  window.api = new Client("/api/v1", new BorrowedToken(formToken));
}"""
BEGIN_ELSEWHERE = """async ([base, email, password]) => {
  const { Client, Pair } = await import("/client.js");
  window.api = new Client(base, new Pair(() => ({ email, password })));
}"""
ASK_AT_ONCE = """async (times) => {
  const answers = await Promise.all(Array.from({ length: times }, () => api.call("GET", "/me")));
  return Promise.all(answers.map(async (answer) => (await answer.json()).email));
}"""
STATUS = "async ([method, path]) => (await api.call(method, path)).status"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, *_: object) -> None:
        """Leave the terminal to the tests."""


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[str]:
    """The origin of another site that has the client in one of its pages."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    shutil.copy(MODULE, folder)
    (folder / "index.html").write_text("<!doctype html><title>Elsewhere</title><h1>Else</h1>")
    server = ThreadingHTTPServer(("localhost", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, args=(SOON,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def window(chromium: Browser) -> Iterator[Page]:
    """A window of a browser that nobody has used yet."""
    context = chromium.new_context()
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


@pytest.fixture
def page_here(window: Page, tmp_path: Path) -> Iterator[tuple[Page, House]]:
    """A page of the house that has the client, and somebody who is signed in there."""
    with serving(tmp_path) as (app, public_url):
        house = House(app, public_url)
        window.route("**/static/client.js", lambda route: route.fulfill(path=MODULE))
        window.goto(f"{public_url}/login")
        window.get_by_label("E-mail address").fill(EMAIL)
        window.get_by_label("Password", exact=True).fill(PASSWORD)
        window.get_by_role("button", name="Sign in").click()
        expect(window.get_by_text("You are signed in as")).to_be_visible()
        window.evaluate(BEGIN_HERE)
        yield window, house


@pytest.fixture
def page_elsewhere(window: Page, tmp_path: Path, other_site: str) -> Iterator[tuple[Page, House]]:
    """A page of a site that is listed, and that signs somebody in by itself."""
    with serving(tmp_path, API_ORIGINS=other_site) as (app, public_url):
        house = House(app, public_url)
        window.goto(other_site)
        window.evaluate(BEGIN_ELSEWHERE, [house.base, EMAIL, PASSWORD])
        yield window, house


def test_a_page_of_the_house_borrows_the_session_of_its_browser(
    page_here: tuple[Page, House], moving_clock: Clock
) -> None:
    page, house = page_here
    for lent in (1, 2):
        assert page.evaluate(ASK_AT_ONCE, AT_ONCE) == [EMAIL] * AT_ONCE
        assert house.asked["/account/token"] == lent
        moving_clock.forward(minutes=16)
    assert not house.asked["/auth/token"]


def test_a_page_of_the_house_leads_to_the_proof_of_presence_and_back(
    page_here: tuple[Page, House], moving_clock: Clock
) -> None:
    page, house = page_here
    moving_clock.forward(minutes=11)
    page.evaluate("void api.call('POST', '/auth/logout-all')")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("You are signed in as")).to_be_visible()
    page.evaluate(BEGIN_HERE)
    assert page.evaluate(STATUS, ["POST", "/auth/logout-all"]) == 204
    page.evaluate("void api.call('GET', '/me')")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert house.asked["/auth/logout-all"] == 2


def test_a_page_of_a_listed_site_has_a_pair_of_its_own(
    page_elsewhere: tuple[Page, House], moving_clock: Clock
) -> None:
    page, house = page_elsewhere
    for refreshed in range(3):
        assert page.evaluate(ASK_AT_ONCE, AT_ONCE) == [EMAIL] * AT_ONCE
        assert house.asked["/auth/refresh"] == refreshed
        moving_clock.forward(minutes=16)
    assert page.evaluate(STATUS, ["POST", "/auth/logout-all"]) == 204
    assert house.asked["/auth/reauthenticate"] == 1
    assert page.evaluate(ASK_AT_ONCE, 1) == [EMAIL]
    assert house.asked["/auth/token"] == 2


def test_a_page_keeps_its_tokens_in_memory_alone(page_elsewhere: tuple[Page, House]) -> None:
    page, _ = page_elsewhere
    page.evaluate(ASK_AT_ONCE, 1)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.context.cookies() == []


def test_a_page_of_a_site_that_is_not_listed_gets_nothing(
    window: Page, tmp_path: Path, other_site: str
) -> None:
    with serving(tmp_path) as (app, public_url):
        house = House(app, public_url)
        window.goto(other_site)
        window.evaluate(BEGIN_ELSEWHERE, [house.base, EMAIL, PASSWORD])
        with pytest.raises(Error, match="Failed to fetch"):
            window.evaluate(ASK_AT_ONCE, 1)
