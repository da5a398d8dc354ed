"""The use cases of the log in the administration: narrow it, read it, take it away as a table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.email import EmailRefused, normalize_email
from app.accounts.models import User
from app.admin import events
from app.extensions import db
from app.security_log.csv_export import stream_csv
from app.security_log.presentation import METHODS, describe_device, describe_entry
from app.security_log.service import Entry, Wanted

# No account is called so. A list for it is empty, as is one for an account without events.
NOBODY = ""
# Earlier there was nothing to write down, and behind the last day there is no next one.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9998, 12, 31)


@dataclass(frozen=True)
class LogLine:
    """An event as an administrator sees it.

    Args:
        entry: what is stored.
        title: what happened, in a few words.
        words: the same in a sentence.
        account: the address of the account, its public id once it is erased, or nothing.
        account_id: its public id while it is there.
        actor: the same of who did it.
        actor_id: the same.
        by: how whoever did it was here.
        device: what it called itself, such as browser and system.
    """

    entry: Entry
    title: str
    words: str
    account: str
    account_id: UUID | None
    actor: str
    actor_id: UUID | None
    by: str
    device: str


def narrow(
    account: str | None, kind: str | None, first_day: date | None, last_day: date | None
) -> Wanted:
    """Return which events are wanted.

    Args:
        account: an address, or a public id: that of an account that is erased still finds.
        kind: one of ``kinds.KINDS``.
        first_day: of those that are shown, in UTC.
        last_day: the same.
    """
    return Wanted(
        account=None if not account else _public_id(account),
        kind=kind or None,
        since=_midnight(first_day),
        until=_midnight(last_day + timedelta(days=1)) if last_day else None,
    )


def lines(entries: Iterable[Entry]) -> list[LogLine]:
    """Return events with the addresses of their accounts, which are looked up all at once."""
    entries = list(entries)
    ids = {one for entry in entries for one in (entry.account, entry.actor) if one}
    wanted = select(User.public_id, User.email).where(User.public_id.in_(ids))
    addresses = {row.public_id: row.email for row in db.session.execute(wanted)}
    return [_line(entry, addresses) for entry in entries]


def export(wanted: Wanted) -> Iterator[str]:
    """Take the wanted events away as a table; that it was done is an event itself.

    Returns:
        the table, line by line. It is read while it is sent, after the commit.
    """
    events.SecurityLogExported(
        account=wanted.account,
        of_kind=wanted.kind,
        since=wanted.since.isoformat() if wanted.since else None,
        until=wanted.until.isoformat() if wanted.until else None,
    ).send()
    return stream_csv(wanted)


def _public_id(account: str) -> str:
    try:
        return UUID(account.strip()).hex
    except ValueError:
        pass  # then it is an address
    try:
        email = normalize_email(account)
    except EmailRefused:
        return NOBODY
    return db.session.scalar(select(User.public_id).where(User.email == email)) or NOBODY


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def _line(entry: Entry, addresses: dict[str, str]) -> LogLine:
    title, words = describe_entry(entry)
    return LogLine(
        entry=entry,
        title=title,
        words=words,
        account=addresses.get(entry.account or "", entry.account or ""),
        account_id=UUID(entry.account) if entry.account in addresses else None,
        actor=addresses.get(entry.actor or "", entry.actor or ""),
        actor_id=UUID(entry.actor) if entry.actor in addresses else None,
        by=METHODS.get(entry.method, entry.method),
        device=describe_device(entry),
    )
