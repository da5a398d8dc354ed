"""Four processes that write into one SQLite file at every request: `python -m bench.writers`.

Budget: no request fails because the database is locked.
"""

import logging
import multiprocessing
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from time import monotonic

from flask import Flask

from app import create_app
from app.login import recognition
from bench import ours
from tests.conftest import SETTINGS, Browser

PROCESSES = 4
SECONDS = 5


def use(database_url: str, cookie: str) -> Counter[int]:
    """Open pages for a while, each of which notes that the session was used."""
    recognition.TOUCH_AFTER = timedelta()  # or a page would write once a minute
    app = create_app({**SETTINGS, "DATABASE_URL": database_url, "LOG_LEVEL": "ERROR"})
    logging.getLogger().setLevel(logging.CRITICAL)
    browser = Browser(app)
    browser.put_cookie(cookie)
    statuses: Counter[int] = Counter()
    ends = monotonic() + SECONDS
    while monotonic() < ends:
        statuses[browser.get("/reauthenticate").status_code] += 1
    return statuses


def cookie(app: Flask) -> str:
    """Return the cookie of a new session."""
    browser = Browser(app)
    browser.sign_in(ours.EMAIL, ours.PASSWORD)
    return browser.cookie()


def main() -> None:
    """Let all of them write at once, and print what they were answered."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ours.db"
        with (
            ours.our_application(url) as app,
            multiprocessing.get_context("spawn").Pool(PROCESSES) as processes,
        ):
            sessions = [(url, cookie(app)) for _ in range(PROCESSES)]
            statuses = sum(processes.starmap(use, sessions), Counter())
    good, all_of_them = statuses[200], statuses.total()
    verdict = "kept" if good == all_of_them else "NOT KEPT"
    sys.stdout.write(
        f"{PROCESSES} processes, {all_of_them} requests with a write each, "
        f"{all_of_them - good} failed: {verdict}\n"
    )


if __name__ == "__main__":
    main()
