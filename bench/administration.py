"""What the pages of administrators cost in a large house: `python -m bench.administration`.

    python -m bench.administration --on postgresql 10000 100000 1000000

Each number is that of the accounts of a house, and each account has ten events. A page is asked for
in all the houses in turns. Printed are the milliseconds in the first one, waiting for the database
included, and how many times as long it takes in the others.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from statistics import median
from time import perf_counter
from uuid import UUID

from flask import Flask
from sqlalchemy import create_engine, make_url, text

from app.accounts import service as accounts
from app.extensions import db
from app.roles import service as roles
from app.security_log.csv_export import stream_csv
from app.security_log.service import Wanted
from bench import ours
from bench.crowd import EVENTS_FOR_EACH, PAGES, fill, somebody
from bench.measure import Call, request
from tests.conftest import Browser
from tests.house.databases import postgresql_server

ROUNDS = 25
EXPORTED = 100_000  # lines, after which the rate is known


def main() -> None:
    """Fill the houses, ask for everything in turns, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.administration")
    parser.add_argument("accounts", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--on", choices=("sqlite", "postgresql"), default="sqlite")
    told = parser.parse_args()
    with ExitStack() as stack:
        new_database = stack.enter_context(databases(told.on))
        houses = {
            count: stack.enter_context(ours.our_application(new_database(count)))
            for count in told.accounts
        }
        for count, app in houses.items():
            began = perf_counter()
            with app.app_context():
                fill(count)
            say(f"{count:,} accounts, {count * EVENTS_FOR_EACH:,} events", perf_counter() - began)
        pages = [calls(app, somebody(count)) for count, app in houses.items()]
        for name in pages[0]:
            first, *others = in_turns([page[name] for page in pages])
            times = "".join(f"{other / first:8.2f} x" for other in others)
            sys.stdout.write(f"{name:28} {first * 1000:8.1f} ms {times}\n")
        for count, app in houses.items():
            head, rate = export(app)
            sys.stdout.write(
                f"CSV of {count * EVENTS_FOR_EACH:,} events: first lines after "
                f"{head * 1000:.1f} ms, then {rate:,.0f} lines a second\n"
            )


def say(what: str, seconds: float) -> None:
    """Print how long something took."""
    sys.stdout.write(f"{what}: made in {seconds:.0f} s\n")
    sys.stdout.flush()


@contextmanager
def databases(kind: str) -> Iterator[Callable[[int], str]]:
    """Give a function that makes an empty database, and remove them all afterwards."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield lambda count: f"sqlite:///{folder}/{count}.db"
        return
    with postgresql_server() as server:

        def make(count: int) -> str:
            engine = create_engine(server.replace("://", "+psycopg://"))
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"CREATE DATABASE house{count}"))
            engine.dispose()
            url = make_url(server).set(database=f"house{count}")
            return url.render_as_string(hide_password=False)

        yield make


def calls(app: Flask, email: str) -> dict[str, Call]:
    """Return each page as an administrator asks for it, by its name."""
    with app.app_context():
        roles.grant(accounts.get_user(ours.EMAIL), "admin")
        public_id = str(UUID(accounts.get_user(email).public_id))
        db.session.commit()
    browser = Browser(app)
    browser.sign_in(ours.EMAIL, ours.PASSWORD)
    cookie = {"Cookie": f"session={browser.cookie()}"}
    asked = {"front page": "/admin"}
    asked |= {name: page(email, public_id) for name, page in PAGES.items()}
    return {name: request(app, path, headers=cookie) for name, path in asked.items()}


def in_turns(same: list[Call]) -> list[float]:
    """Return the median seconds of each call, one of each in every round."""
    seconds: list[list[float]] = [[] for _ in same]
    for number in range(ROUNDS + 2):
        for found, call in zip(seconds, same, strict=True):
            began = perf_counter()
            call()
            if number >= 2:  # the first calls compile templates and statements, and fill caches
                found.append(perf_counter() - began)
    return [median(found) for found in seconds]


def export(app: Flask) -> tuple[float, float]:
    """Return the seconds until the first lines of the table, and how many a second follow."""
    with app.app_context():
        table = stream_csv(Wanted())
        began = perf_counter()
        list(islice(table, 2))
        head = perf_counter() - began
        lines = sum(1 for _ in islice(table, EXPORTED))
        return head, lines / (perf_counter() - began - head)


if __name__ == "__main__":
    main()
