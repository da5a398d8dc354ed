"""What the log forgets, and when."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts import personal_data
from app.accounts import service as accounts
from app.core import clock
from app.core.settings import SettingsRefused
from app.extensions import db
from app.security_log import housekeeping
from app.security_log.circumstances import shortened
from app.security_log.models import SecurityEvent, SecurityEventOrigin
from tests.conftest import Browser, Clock
from tests.security_log.conftest import (
    ADA,
    FIREFOX,
    LOG,
    WRONG,
    events,
    kinds,
    origins,
    public_id,
    sign_in_as,
    stored_text,
)
from tests.statements import listening


def tidy(app: Flask) -> int:
    """Do the periodic work and return how many rows it touched."""
    done = app.test_cli_runner().invoke(args=["jobs", "run", "security_log.tidy"])
    assert done.exit_code == 0, done.output
    return int(done.output.split()[-2])


def facts(app: Flask) -> list[tuple[object, ...]]:
    """Return every column of every event."""
    with app.app_context():
        return [tuple(row) for row in db.session.execute(SecurityEvent.__table__.select())]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("::ffff:192.0.2.77", "192.0.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("fe80::1%eth0", "fe80::"),
        ("192.0.2.0", "192.0.2.0"),
        ("", ""),
        ("unix:", ""),
        ("192.0.2.77, 10.0.0.1", ""),
    ],
)
def test_of_an_address_the_network_is_kept(address: str, network: str) -> None:
    assert shortened(address) == network


@pytest.mark.asvs("14.2.4")
def test_after_a_month_nobody_knows_where_somebody_was(
    app: Flask, user: str, moving_clock: Clock
) -> None:
    browser = Browser(app, "203.0.113.77")
    sign_in_as(browser, FIREFOX, remember="y")
    moving_clock.forward(days=29)
    sign_in_as(Browser(app, "203.0.113.78"), FIREFOX)
    moving_clock.forward(days=1, hours=1)
    before = facts(app)
    assert tidy(app) == 1
    assert [(origin.address, origin.user_agent) for origin in origins(app)] == [
        ("203.0.113.0", "Firefox 131 on Linux"),
        ("203.0.113.78", FIREFOX),
    ]
    assert facts(app) == before, "an event was changed"
    assert tidy(app) == 0
    browser.sign_in(ADA)
    assert "Firefox 131 on Linux, from 203.0.113.0." in browser.get(LOG).text


def test_after_a_year_it_is_gone(app: Flask, signed_in: Browser, moving_clock: Clock) -> None:
    moving_clock.forward(days=364)
    tidy(app)
    assert "signed_in" in kinds(app)
    moving_clock.forward(days=2)
    tidy(app)
    assert events(app) == []
    assert origins(app) == []


def test_much_is_forgotten_in_pieces_along_an_index(
    app: Flask, user: str, monkeypatch: pytest.MonkeyPatch, moving_clock: Clock
) -> None:
    """A log that was never shortened must not hold the database when the work first comes."""
    monkeypatch.setattr(housekeeping, "AT_ONCE", 3)
    with app.app_context():
        db.session.query(SecurityEvent).delete()
        for number in range(7):
            event = SecurityEvent(
                public_id=UUID(int=number),
                happened_at=clock.now() - timedelta(days=number),
                kind="signed_in",
                method="none",
                request_id="-",
                details={},
            )
            db.session.add(event)
            db.session.flush()
            origin = SecurityEventOrigin(event_id=event.id, address="192.0.2.7", user_agent="")
            origin.whole_since = event.happened_at
            db.session.add(origin)
        db.session.commit()
    moving_clock.forward(days=363)
    assert [tidy(app) for _ in range(4)] == [3 + 3, 2 + 1, 0, 0]
    assert [event.public_id.int for event in events(app)] == [0, 1]
    assert {origin.address for origin in origins(app)} == {"192.0.2.0"}


@pytest.mark.parametrize("statement", ["shorten", "remove"])
def test_the_work_reads_no_whole_table(app: Flask, statement: str) -> None:
    asked: list[tuple[str, object]] = []
    with app.app_context():
        with listening(app, lambda *call: asked.append((call[2], call[3]))):
            getattr(housekeeping, statement)()
        connection = db.session.connection()
        for question, values in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}", values)
            lines = [row.detail for row in plan]
            assert not [line for line in lines if "SCAN" in line or "TEMP" in line], lines


@pytest.mark.parametrize("days", ["0", "29", "-1", "a year"])
def test_a_log_that_is_too_short_is_refused(settings: dict[str, str], days: str) -> None:
    with pytest.raises(SettingsRefused, match="SECURITY_LOG_DAYS"):
        create_app({**settings, "SECURITY_LOG_DAYS": days})


def test_a_log_for_ever_is_possible(settings: dict[str, str], app: Flask, user: str) -> None:
    app.config["SECURITY_LOG_DAYS"] = 10**12
    assert tidy(app) == 0


@pytest.mark.asvs("14.2.4")
def test_an_erased_account_leaves_events_and_nothing_of_a_person(
    app: Flask, user: str, grace: Browser
) -> None:
    browser = Browser(app, "203.0.113.77")
    browser.sign_in(ADA, WRONG)
    sign_in_as(browser, FIREFOX)
    ada, before = public_id(app), facts(app)
    with app.app_context():
        personal_data.erase(accounts.get_user(ADA))
        db.session.commit()
    assert facts(app)[: len(before)] == before
    assert [event.kind for event in events(app) if event.account == ada][-1] == "account_erased"
    text = stored_text(app)
    for personal in (ADA, "Ada", "203.0.113", "Firefox"):
        assert personal not in text
    assert "198.51.100.4" in text, "somebody else's was forgotten too"


def test_what_somebody_else_did_stays_theirs(app: Flask, user: str, grace: Browser) -> None:
    """An administrator who is erased is forgotten everywhere; what one did is not."""
    ada, other = public_id(app), public_id(app, "grace@example.com")
    with app.app_context():
        for account, actor, address in ((other, ada, "192.0.2.1"), (ada, other, "192.0.2.2")):
            event = SecurityEvent(
                happened_at=clock.now(),
                kind="account_activated",
                account=account,
                actor=actor,
                method="session",
                request_id="-",
                details={},
            )
            db.session.add(event)
            db.session.flush()
            origin = SecurityEventOrigin(event_id=event.id, address=address, user_agent="")
            db.session.add(origin)
        db.session.commit()
        assert "192.0.2.2" not in str(personal_data.export(accounts.get_user(ADA)))
        personal_data.erase(accounts.get_user(ADA))
        db.session.commit()
        left = set(db.session.scalars(select(SecurityEventOrigin.address)))
    assert "192.0.2.1" not in left
    assert "192.0.2.2" in left
