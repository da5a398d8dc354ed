"""The use cases of the security log: write, read, forget."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select, tuple_

from app.accounts.models import User
from app.core.principal import Principal
from app.extensions import db
from app.security_log.models import SecurityEvent, SecurityEventOrigin


@dataclass(frozen=True)
class Wanted:
    """Which events; what is None does not narrow.

    Args:
        account: the public id of the account they are about.
        kind: one of ``kinds.KINDS``.
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
        kind: one of ``kinds.KINDS``.
        account: the public id of the account it is about.
        actor: the public id of the account that did it.
        method: how the actor was here.
        request_id: as in the logs of the application.
        details: what else is known of it.
        address: where it came from; shortened after a while, empty once it is forgotten.
        user_agent: what the client called itself.
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


def entries_after(wanted: Wanted, after: tuple[datetime, int] | None, limit: int) -> list[Entry]:
    """Return events behind a place in the log, the newest first.

    Args:
        wanted: which.
        after: when the event happened after which to go on, and its row; None begins.
        limit: how many at most.
    """
    order = tuple_(SecurityEvent.happened_at, SecurityEvent.id)
    found = _select(wanted)
    if after is not None:
        found = found.where(order < after)
    rows = db.session.execute(found.order_by(*(column.desc() for column in order)).limit(limit))
    return [Entry(**row._mapping) for row in rows]


def own_entries_after(
    principal: Principal, after: tuple[datetime, int] | None, limit: int
) -> list[Entry]:
    """Return events of the principal's own account, the newest first."""
    return entries_after(Wanted(account=principal.public_id), after, limit)


def export(user_id: int) -> list[dict[str, Any]]:
    """Return the events of a person, the oldest first."""
    account = db.session.get_one(User, user_id).public_id
    rows = db.session.execute(
        _select(Wanted(account=account)).order_by(SecurityEvent.happened_at, SecurityEvent.id)
    )
    return [
        {"kind": row.kind, "happened_at": row.happened_at.isoformat(), "address": row.address}
        for row in rows
    ]


def erase_personal(user_id: int) -> None:
    """Forget where the events of a person came from; that they happened stays."""
    account = db.session.get_one(User, user_id).public_id
    events = select(SecurityEvent.id).where(SecurityEvent.account == account)
    db.session.execute(delete(SecurityEventOrigin).where(SecurityEventOrigin.event_id.in_(events)))


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
        )
        .outerjoin(SecurityEventOrigin, SecurityEventOrigin.event_id == SecurityEvent.id)
        .where(*_narrowed(wanted))
    )


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.account is not None:
        yield SecurityEvent.account == wanted.account
    if wanted.kind is not None:
        yield SecurityEvent.kind == wanted.kind
    if wanted.since is not None:
        yield SecurityEvent.happened_at >= wanted.since
    if wanted.until is not None:
        yield SecurityEvent.happened_at < wanted.until
