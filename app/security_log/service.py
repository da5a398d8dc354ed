"""The use cases of the security log: write, read, say "this was not me", forget."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, tuple_

from app.accounts.models import User
from app.accounts.points import AccountLine
from app.core import clock
from app.core.events import EVENTS, Event
from app.core.principal import Principal
from app.extensions import affected_rows, db
from app.login.service import sign_out_everywhere
from app.passwords.service import request_reset
from app.security_log import events
from app.security_log.circumstances import Circumstances, kept
from app.security_log.models import SecurityEvent, SecurityEventOrigin

# A program that is refused in a loop is written down once a minute, and of a hundred doors that
# somebody rattles at in a minute not more than this.
REPEATED_WITHIN = timedelta(minutes=1)
MOST_IN_A_MINUTE = 60
BY_NOBODY_HERE = ("command", "worker")
Place = tuple[datetime, int]


class NoSuchEvent(Exception):
    """There is no such event, it is about somebody else, or it cannot be disowned."""


@dataclass(frozen=True)
class Wanted:
    """Which events; what is None does not narrow.

    Args:
        account: the public id of the account they are about.
        kind: of an event.
        since: from this moment on.
        until: before this moment.
    """

    account: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """An event with where it came from.

    Args:
        id: its row.
        public_id: how the outside knows it.
        happened_at: when.
        kind: of an event.
        account: the public id of the account it is about.
        actor: the public id of the account that did it.
        method: how the actor was here.
        request_id: as in the logs of the application.
        details: what else is known of it.
        address: where it came from; shortened after a while, empty once it is forgotten.
        user_agent: what the client called itself; in words once it is shortened.
        is_shortened: whether address and client have been.
    """

    id: int
    public_id: UUID
    happened_at: datetime
    kind: str
    account: str | None
    actor: str | None
    method: str
    request_id: str
    details: dict[str, Any]
    address: str
    user_agent: str
    is_shortened: bool


def record(event: Event, account: str | None, circumstances: Circumstances) -> None:
    """Write down that something happened, in the transaction that made it true.

    Two rows whatever the kind, and nothing is looked up, so a refusal that is written down costs
    the same for an account that exists and for one that does not.

    Args:
        event: what; of its fields, those in ``stored`` are kept.
        account: the public id of the account it is about.
        circumstances: by whom and from where.
    """
    now = clock.now()
    event_id = db.session.scalar(
        insert(SecurityEvent)
        .values(
            happened_at=now,
            kind=event.kind,
            account=account,
            actor=circumstances.actor,
            method=circumstances.method,
            request_id=circumstances.request_id,
            details=_details(event),
        )
        .returning(SecurityEvent.id)
    )
    if circumstances.address or circumstances.user_agent:
        origin = {"address": circumstances.address, "user_agent": circumstances.user_agent}
        db.session.execute(
            insert(SecurityEventOrigin).values(event_id=event_id, whole_since=now, **origin)
        )


def _details(event: Event) -> dict[str, Any]:
    return {name: kept(getattr(event, name)) for name in event.stored}


def is_repeated(event: Event, account: str | None) -> bool:
    """Tell whether the same was written down within the last minute.

    The question reads only that minute, along an index: of the account, or of the kind where who
    asked is no account.
    """
    since = clock.now() - REPEATED_WITHIN
    wanted = Wanted(account=account, kind=None if account else event.kind, since=since)
    recent = entries_after(wanted, None, MOST_IN_A_MINUTE)
    told = (event.kind, account, _details(event))
    same = [entry for entry in recent if (entry.kind, entry.account, entry.details) == told]
    return bool(same) or len(recent) == MOST_IN_A_MINUTE


def entries_after(wanted: Wanted, after: Place | None, limit: int) -> list[Entry]:
    """Return events behind a place in the log, the newest first.

    Args:
        wanted: which.
        after: when the event happened after which to go on, and its row; None begins.
        limit: how many at most.
    """
    rows = db.session.execute(entries_query(wanted, after, limit))
    return [Entry(**row._mapping) for row in rows]


def own_entries_after(principal: Principal, after: Place | None, limit: int) -> list[Entry]:
    """Return events of the principal's own account, the newest first."""
    return entries_after(Wanted(account=principal.public_id), after, limit)


def entries_query(wanted: Wanted, after: Place | None, limit: int) -> Select[Any]:
    """Return the question behind ``entries_after``; its rows have the fields of ``Entry``."""
    order = tuple_(SecurityEvent.happened_at, SecurityEvent.id)
    found = _select(wanted)
    if after is not None:
        found = found.where(order < after)
    return found.order_by(*(column.desc() for column in order)).limit(limit)


def can_be_disowned(entry: Entry) -> bool:
    """Tell whether the owner may say of an event that it was somebody else.

    Not of what an administrator or the site itself has done: no thief was at work there, and
    ending the owner's sign-ins would help nobody.
    """
    event = EVENTS.get(entry.kind)
    by_somebody_else = entry.actor is not None and entry.actor != entry.account
    is_offered = event is not None and event.can_be_disowned
    return is_offered and not by_somebody_else and entry.method not in BY_NOBODY_HERE


def disown(principal: Principal, public_id: UUID) -> None:
    """Act on "this was not me": end every sign-in, this one too, and mail a way to a new password.

    No fresh proof is asked for. Whoever says this may just have learned that a thief is in, and
    a thief who says it throws himself out and sends the owner a mail.

    Raises:
        NoSuchEvent: the principal has none that can be disowned under this id (ASVS 5.0.0, 8.2.2).
    """
    about_them = (
        SecurityEvent.public_id == public_id,
        SecurityEvent.account == principal.public_id,
    )
    row = db.session.execute(_select(Wanted()).where(*about_them)).one_or_none()
    if row is None or not can_be_disowned(entry := Entry(**row._mapping)):
        raise NoSuchEvent
    sign_out_everywhere(principal)
    request_reset(principal.email)
    events.EventDisowned(user_id=principal.account_id, disowned=entry.kind).send()


def account_lines(_: Principal) -> list[AccountLine]:
    """Return the line of the account page."""
    state = "Sign-ins, refusals and changes"
    return [AccountLine("Security log", state, "security_log.index", "See what happened")]


def export(user_id: int) -> list[dict[str, Any]]:
    """Return the events of a person, the newest first."""
    account = db.session.get_one(User, user_id).public_id
    order = (SecurityEvent.happened_at.desc(), SecurityEvent.id.desc())
    rows = db.session.execute(_select(Wanted(account=account)).order_by(*order))
    return [
        {
            "kind": row.kind,
            "happened_at": row.happened_at.isoformat(),
            "method": row.method,
            "details": row.details,
            # Where somebody else was who did it is data of somebody else.
            "address": row.address if row.actor in (None, account) else "",
            "user_agent": row.user_agent if row.actor in (None, account) else "",
        }
        for row in rows
    ]


def erase_personal(user_id: int) -> None:
    """Forget where a person was; that it happened stays.

    What an administrator has done to the account keeps its origin: that is not the person's.
    """
    account = db.session.get_one(User, user_id).public_id
    theirs = or_(
        SecurityEvent.actor == account,
        and_(SecurityEvent.account == account, SecurityEvent.actor.is_(None)),
    )
    of_theirs = SecurityEventOrigin.event_id.in_(select(SecurityEvent.id).where(theirs))
    affected_rows(delete(SecurityEventOrigin).where(of_theirs))


def _select(wanted: Wanted) -> Select[Any]:
    return (
        select(
            SecurityEvent.id,
            SecurityEvent.public_id,
            SecurityEvent.happened_at,
            SecurityEvent.kind,
            SecurityEvent.account,
            SecurityEvent.actor,
            SecurityEvent.method,
            SecurityEvent.request_id,
            SecurityEvent.details,
            func.coalesce(SecurityEventOrigin.address, "").label("address"),
            func.coalesce(SecurityEventOrigin.user_agent, "").label("user_agent"),
            SecurityEventOrigin.whole_since.is_(None).label("is_shortened"),
        )
        .outerjoin(SecurityEventOrigin, SecurityEventOrigin.event_id == SecurityEvent.id)
        .where(*_narrowed(wanted))
    )


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.account is not None:
        yield SecurityEvent.account == wanted.account
    if wanted.kind is not None:
        # Beside an account this only sifts. By the index of kinds a database would read what
        # everybody did to find what one has done, and without figures it cannot tell.
        sifts = wanted.account is not None
        yield (func.lower(SecurityEvent.kind) if sifts else SecurityEvent.kind) == wanted.kind
    if wanted.since is not None:
        yield SecurityEvent.happened_at >= wanted.since
    if wanted.until is not None:
        yield SecurityEvent.happened_at < wanted.until
