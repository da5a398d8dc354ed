"""Many workers and requests at the same moment, on SQLite and PostgreSQL."""

import sys
from collections import Counter
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.core.feature import Feature, Periodic
from app.core.jobs import open_queue, run_due
from app.core.outbox import OutboxMail
from app.extensions import db
from tests.accounts.mail_server import MailServer, deliver, post
from tests.conftest import Clock
from tests.house.databases import AT_ONCE, at_once, free_port

pytestmark = pytest.mark.slow


def tries(app: Flask) -> dict[str, int]:
    with app.app_context():
        rows = db.session.execute(select(OutboxMail.recipient, OutboxMail.tries)).all()
        return {row.recipient: row.tries for row in rows}


def test_of_many_who_deliver_at_once_one_sends_each_mail(
    served: Flask, mail_server: MailServer, trusted: str
) -> None:
    served.config["SMTP_URL"] = f"smtp://localhost:{mail_server.port}"
    everybody = [f"n{n}@example.com" for n in range(60)]
    post(served, *everybody)
    sent = at_once(lambda _: deliver(served))
    assert sum(sent) == len(everybody)
    assert Counter(mail_server.recipients()) == Counter(everybody)
    assert tries(served) == dict.fromkeys(everybody, 1)


def test_of_many_one_at_most_counts_that_the_server_is_away(served: Flask) -> None:
    served.config["SMTP_URL"] = f"smtp://localhost:{free_port()}"
    post(served, "ada@example.com")
    assert at_once(lambda _: deliver(served)) == [0] * AT_ONCE
    assert tries(served) == {"ada@example.com": 1}


def test_of_many_workers_one_does_the_work(
    served: Flask, moving_clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First there is a row to be made, then one to race for."""
    done: list[str] = []
    works = ModuleType("app.probe.works")
    vars(works).update(count=lambda: done.append("once") or 0)
    monkeypatch.setitem(sys.modules, "app.probe.works", works)
    count = Periodic("probe.count", "works:count", minutes=10, about="Counts.")
    served.extensions["registry"].features += (Feature("probe", periodic=(count,)),)
    for times in (1, 2):
        at_once(lambda _: run_due(served))
        assert len(done) == times
        moving_clock.forward(minutes=10)


def test_two_sites_may_share_one_redis(redis: str, settings: dict[str, str]) -> None:
    here = create_app({**settings, "JOBS_STORAGE": redis})
    there = create_app({**settings, "JOBS_STORAGE": redis, "PUBLIC_URL": "http://localhost:9000"})
    open_queue(here).enqueue(open_queue(here).wake())
    assert [task.name for task in open_queue(here).pending()] == ["wake"]
    assert open_queue(there).pending() == []
