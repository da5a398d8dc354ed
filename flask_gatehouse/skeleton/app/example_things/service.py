"""The use cases of example things. Each finds only what belongs to the principal."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core.principal import Principal
from app.example_things.models import ExampleThing
from app.extensions import db

ON_A_PAGE = 20


class NoSuchExampleThing(Exception):
    """There is none, or it is somebody else's: the two are never told apart."""


@dataclass(frozen=True)
class Page:
    """Some of what a person has.

    Args:
        rows: the newest first.
        number: which page this is, from 1.
        last: the number of the last page.
    """

    rows: list[ExampleThing]
    number: int
    last: int


def list_page(principal: Principal, page: int = 1) -> Page:
    """Return a page of the principal's example things; a page past the end is the last."""
    owned = ExampleThing.user_id == principal.user_id
    total = db.session.scalar(select(func.count()).where(owned)) or 0
    last = max(1, -(-total // ON_A_PAGE))
    number = min(max(page, 1), last)
    rows = db.session.scalars(
        select(ExampleThing)
        .where(owned)
        .order_by(ExampleThing.id.desc())
        .limit(ON_A_PAGE)
        .offset((number - 1) * ON_A_PAGE)
    )
    return Page(list(rows), number, last)


# feature: api
def list_after(principal: Principal, after: tuple[int] | None, limit: int) -> list[ExampleThing]:
    """Return the principal's example things behind a place in the list, the newest first."""
    rows = select(ExampleThing).where(ExampleThing.user_id == principal.user_id)
    if after is not None:
        rows = rows.where(ExampleThing.id < after[0])
    return list(db.session.scalars(rows.order_by(ExampleThing.id.desc()).limit(limit)))


# endfeature
def get(principal: Principal, public_id: UUID) -> ExampleThing:
    """Return one of the principal's example things.

    Raises:
        NoSuchExampleThing: none of theirs has this id (ASVS 5.0.0, 8.2.2).
    """
    # The owner stands in the query itself: a check that comes after it can be forgotten.
    row = db.session.scalars(
        select(ExampleThing).where(
            ExampleThing.public_id == public_id, ExampleThing.user_id == principal.user_id
        )
    ).one_or_none()
    if row is None:
        raise NoSuchExampleThing
    return row


def create(principal: Principal, *, title: str) -> ExampleThing:
    """Add one for the principal."""
    row = ExampleThing(user_id=principal.user_id, title=title)
    db.session.add(row)
    db.session.flush()
    return row


def change(principal: Principal, public_id: UUID, *, title: str) -> ExampleThing:
    """Change one.

    Raises:
        NoSuchExampleThing: it is not there, or not theirs.
    """
    row = get(principal, public_id)
    row.title = title
    db.session.flush()
    return row


def delete(principal: Principal, public_id: UUID) -> None:
    """Remove one.

    Raises:
        NoSuchExampleThing: it is not there, or not theirs.
    """
    db.session.delete(get(principal, public_id))
    db.session.flush()


def export(user_id: int) -> list[dict[str, Any]]:
    """Return all that a person has here, the oldest first."""
    rows = db.session.scalars(
        select(ExampleThing).where(ExampleThing.user_id == user_id).order_by(ExampleThing.id)
    )
    return [{"title": row.title, "created_at": row.created_at.isoformat()} for row in rows]
