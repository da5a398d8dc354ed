"""The log as a table for a spreadsheet, written while it is read: memory does not grow with it."""

import csv
import json
import unicodedata
from collections.abc import Iterator
from io import StringIO

from sqlalchemy import Engine

from app.extensions import db
from app.security_log.service import Entry, Wanted, entries_query

BATCH = 500
COLUMNS = (
    "id",
    "happened_at",
    "kind",
    "account",
    "actor",
    "method",
    "request_id",
    "address",
    "user_agent",
    "details",
)
# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV Injection).
FORMULA = frozenset("=+-@\t\r\n|%")


def stream_csv(wanted: Wanted) -> Iterator[str]:
    """Return the log line by line, the newest event first, by RFC 4180.

    It is read in pages, each on a connection of its own: however slowly a client takes it, no
    transaction stays open, and the request with its database session may be over meanwhile.

    Args:
        wanted: which events.
    """
    return _lines(db.engine, wanted)


def _lines(engine: Engine, wanted: Wanted) -> Iterator[str]:
    yield _line(COLUMNS)
    after = None
    while True:
        with engine.connect() as connection:
            rows = connection.execute(entries_query(wanted, after, BATCH)).all()
        entries = [Entry(**row._mapping) for row in rows]
        yield from (_line(_cells(entry)) for entry in entries)
        if len(entries) < BATCH:
            return
        after = (entries[-1].happened_at, entries[-1].id)


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula.

    An apostrophe in front makes it a text. Blanks and quotes before a formula are skipped by some
    programs, and some take the wide forms of East Asian keyboards for the narrow ones.
    """
    first = unicodedata.normalize("NFKC", cell.lstrip(" \u00a0\u3000\"'")[:1])
    return f"'{cell}" if first[:1] in FORMULA or cell[:1] in FORMULA else cell


def _cells(entry: Entry) -> Iterator[str]:
    yield str(entry.public_id)
    yield entry.happened_at.isoformat()
    yield entry.kind
    yield entry.account or ""
    yield entry.actor or ""
    yield entry.method
    yield entry.request_id
    yield entry.address
    yield entry.user_agent
    yield json.dumps(entry.details, ensure_ascii=False, sort_keys=True)


def _line(cells: Iterator[str] | tuple[str, ...]) -> str:
    written = StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(defused, cells))
    return written.getvalue()
