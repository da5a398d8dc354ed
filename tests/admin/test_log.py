"""The log in the administration: narrowed, read page by page, and taken away as a table."""

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.core import clock
from app.extensions import db
from app.security_log.models import SecurityEvent
from tests.admin.conftest import ADA, GRACE, make
from tests.conftest import Browser
from tests.tables import Case

LOG = "/admin/security-log"


def titles(browser: Browser, query: str = "") -> list[str]:
    """Return what the page lists, from the top."""
    return re.findall(r"<h2>(.+?)</h2>", browser.get(f"{LOG}{query}").text)


def export(browser: Browser, query: str = "") -> list[list[str]]:
    """Take the table away and return its lines."""
    answer = browser.submit(f"{LOG}/export{query}")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.text)))


def public_id(app: Flask, email: str) -> str:
    """Return how an account is named in the log."""
    with app.app_context():
        return accounts.get_user(email).public_id


def fill(app: Flask, many: int, account: str | None = None, days: int = 0) -> None:
    """Let somebody have signed out often, some days ago."""
    with app.app_context():
        for _ in range(many):
            at = clock.now() - timedelta(days=days)
            db.session.add(
                SecurityEvent(
                    happened_at=at,
                    kind="signed_out",
                    account=account,
                    method="session",
                    request_id="-",
                    details={},
                )
            )
        db.session.commit()


def test_events_of_every_account_are_shown_the_newest_first(
    app: Flask, administrator: Browser, new_browser: Callable[..., Browser]
) -> None:
    make(app, GRACE)
    new_browser("198.51.100.4").sign_in(GRACE, "not-the-password-of-anybody")
    seen = titles(administrator)
    assert seen[:2] == ["Sign-in refused", "Address confirmed"]
    page = administrator.get(LOG).text
    assert f"/admin/users/{UUID(public_id(app, GRACE))}" in page
    assert "from 198.51.100.4." in page


def test_the_log_is_narrowed_by_account_kind_and_day(app: Flask, administrator: Browser) -> None:
    make(app, GRACE)
    fill(app, 1, public_id(app, GRACE), days=3)
    day = (clock.now() - timedelta(days=3)).date()
    assert titles(administrator, f"?account={GRACE}") == ["Address confirmed", "Signed out"]
    assert titles(administrator, f"?account=%20{GRACE.upper()}") == titles(
        administrator, f"?account={public_id(app, GRACE)}"
    )
    assert titles(administrator, f"?account={GRACE}&kind=signed_out") == ["Signed out"]
    assert titles(administrator, f"?since={day}&until={day}") == ["Signed out"]
    assert titles(administrator, f"?until={day - timedelta(days=1)}") == []
    assert "Signed out" not in titles(administrator, f"?since={day + timedelta(days=1)}")


def test_what_narrows_stays_in_the_form_and_on_the_next_page(
    app: Flask, administrator: Browser
) -> None:
    fill(app, 27, public_id(app, ADA))
    query = f"?account={ADA}&kind=signed_out&since=2020-01-01"
    page = administrator.get(f"{LOG}{query}").text
    assert f'name="account" type="text" value="{ADA}"' in page
    assert '<option value="signed_out" selected>' in page
    assert 'name="since" type="date" value="2020-01-01"' in page
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    path = older[1].replace("&amp;", "&")
    assert "kind=signed_out" in path
    rest = administrator.get(path).text
    assert re.findall(r"<h2>(.+?)</h2>", rest) == ["Signed out"] * 2
    assert 'rel="next"' not in rest


def test_an_account_that_is_erased_is_found_by_its_id(app: Flask, administrator: Browser) -> None:
    make(app, GRACE)
    account = public_id(app, GRACE)
    with app.app_context():
        db.session.delete(accounts.get_user(GRACE))
        db.session.commit()
    assert titles(administrator, f"?account={account}") == ["Address confirmed"]
    assert account in administrator.get(f"{LOG}?account={account}").text
    unknown = administrator.get(f"{LOG}?account={GRACE}")
    assert unknown.status_code == 200
    assert "There is no account under this address." in unknown.text


REFUSED_QUERIES = [
    ("since=yesterday", "Write a day such as"),
    ("until=2026-02-30", "Write a day such as"),
    ("since=0001-01-01", "Write a day from"),
    ("until=9999-12-31", "Write a day from"),
    ("since=2026-02-02&until=2026-02-01", "The last day is before the first."),
    ("kind=everything", "Nothing of this kind is written down."),
    (f"account={'x' * 321}", "Use at most 320 characters."),
]


def test_what_cannot_be_looked_for_is_said_beside_its_field(
    administrator: Browser, case: Case
) -> None:
    for query, sentence in REFUSED_QUERIES:
        with case(query=query, sentence=sentence):
            for path in (LOG, f"{LOG}/export"):
                answer = administrator.get(f"{path}?{query}")
                assert answer.status_code == 422
                assert sentence in answer.text
                name, _, typed = query.rpartition("&")[2].partition("=")
                assert f'name="{name}"' in answer.text
                assert typed in answer.text or name == "kind"


def test_the_table_holds_what_the_page_is_narrowed_to(app: Flask, administrator: Browser) -> None:
    make(app, GRACE)
    fill(app, 2, public_id(app, GRACE))
    answer = administrator.submit(f"{LOG}/export?account={GRACE}&kind=signed_out")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r"attachment; filename=security-log-\d{4}-\d\d-\d\d\.csv",
        answer.headers["Content-Disposition"],
    )
    assert "Content-Length" not in answer.headers
    header, *rows = csv.reader(StringIO(answer.text))
    assert header[:4] == ["id", "happened_at", "kind", "account"]
    assert [row[2:4] for row in rows] == [["signed_out", public_id(app, GRACE)]] * 2


def test_that_somebody_took_the_log_away_stands_in_it(app: Flask, administrator: Browser) -> None:
    export(administrator, f"?account={ADA}&since=2020-01-01")
    with app.app_context():
        kind = SecurityEvent.kind == "security_log_exported"
        row = db.session.scalars(select(SecurityEvent).where(kind)).one()
    assert (row.account, row.actor) == (None, public_id(app, ADA))
    assert row.details == {
        "account": public_id(app, ADA),
        "of_kind": None,
        "since": "2020-01-01T00:00:00+00:00",
        "until": None,
    }
    assert titles(administrator)[0] == "Log exported"


def test_looking_is_not_written_down(app: Flask, administrator: Browser) -> None:
    before = titles(administrator)
    administrator.get(f"{LOG}/export")
    administrator.client.head(f"{LOG}/export", base_url="http://localhost:8000")
    assert titles(administrator) == before


def test_a_long_table_is_read_in_parts_while_it_is_sent(
    app: Flask, administrator: Browser, statements: list[str]
) -> None:
    fill(app, 1200)
    token = administrator.token(f"{LOG}/export")

    def reads() -> int:
        return sum("FROM security_event " in statement for statement in statements)

    statements.clear()
    answer = administrator.client.post(
        f"{LOG}/export?kind=signed_out",
        data={"csrf_token": token},
        base_url="http://localhost:8000",
        buffered=False,
    )
    parts = iter(answer.response)
    assert next(parts)
    assert reads() <= 1
    assert sum(1 for _ in parts) == 1200
    assert reads() == 3
    answer.close()


def test_a_page_asks_the_database_as_often_for_many_events_as_for_few(
    app: Flask, administrator: Browser, statements: list[str]
) -> None:
    counts = []
    for many in (1, 60):
        fill(app, many, public_id(app, ADA))
        statements.clear()
        assert titles(administrator, f"?account={ADA}")
        counts.append(len(statements))
    assert counts[0] == counts[1]
