"""Finding accounts by the beginning of their address or their name, among a million.

A database folds the case of some letters only, each its own way, and looks for beginnings along
an index only in the order of bytes. So the words stand in a table of their own, folded here.
"""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    delete,
    insert,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.admin.models import LONGEST_KEY, DirectoryEntry
from app.extensions import db

LONGEST_SEARCH = 100
# Nothing that is written comes after it.
LAST = "\U0010ffff"
Found = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class UserLine:
    """An account in a list.

    Args:
        id: its row.
        public_id: how the outside knows it.
        name: what the person is called.
        email: the address.
        created_at: when it was made.
        confirmed_at: when the address was proved, if it was.
        active: whether nobody has switched it off.
        key: under what it was found; nothing in the list of all.
    """

    id: int
    public_id: UUID
    name: str
    email: str
    created_at: datetime
    confirmed_at: datetime | None
    active: bool
    key: str

    @property
    def state(self) -> str:
        """Return how the account stands, in a few words."""
        return state_of(self)


def state_of(user: User | UserLine) -> str:
    """Return how an account stands, in a few words."""
    if not user.active:
        return "switched off"
    return "active" if user.confirmed_at else "not confirmed"


def folded(text: str) -> str:
    """Return a text as it is looked for: one form of each letter, and no case."""
    plain = unicodedata.normalize("NFC", text).replace("\x00", "")
    return unicodedata.normalize("NFC", plain.casefold()).strip()[:LONGEST_KEY]


def users_after(search: str, after: tuple[Any, ...] | None, limit: int) -> list[UserLine]:
    """Return accounts behind a place in the list, in one query.

    Args:
        search: what address or name begins with, and then they come by that; nothing for all,
            the newest first.
        after: the key and the row after which to go on, or the row alone in the list of all.
        limit: how many at most.
    """
    rows = db.session.execute(users_query(search, after).limit(limit))
    return [UserLine(**{**row._mapping, "public_id": UUID(row.public_id)}) for row in rows]


def users_query(search: str, after: tuple[Any, ...] | None) -> Found:
    """Return the question that ``users_after`` asks, whose plan the tests look at."""
    wanted = folded(search)
    return _beginning_with(wanted, after) if wanted else _newest(after)


def place_of(line: UserLine) -> tuple[Any, ...]:
    """Return the place of a line in its list, for ``users_after``."""
    return (line.key, line.id) if line.key else (line.id,)


def write(connection: Connection, user: User) -> None:
    """Enter an account under its address and its name, in place of what was there."""
    connection.execute(delete(DirectoryEntry).where(DirectoryEntry.user_id == user.id))
    words = {"email": user.email, "name": user.name}
    entries = [{"user_id": user.id, "field": f, "key": folded(text)} for f, text in words.items()]
    connection.execute(insert(DirectoryEntry), entries)


def export(user_id: int) -> list[str]:
    """Return under which words a person is found."""
    entries = select(DirectoryEntry.key).where(DirectoryEntry.user_id == user_id)
    return list(db.session.scalars(entries.order_by(DirectoryEntry.field)))


def _newest(after: tuple[Any, ...] | None) -> Found:
    found: Found = select(*_COLUMNS, literal("").label("key")).order_by(User.id.desc())
    return found if after is None else found.where(User.id < after[0])


def _beginning_with(wanted: str, after: tuple[Any, ...] | None) -> Found:
    """Return one stretch of the index; who is found by the address is not found by the name too."""
    order = tuple_(DirectoryEntry.key, DirectoryEntry.user_id)
    own = aliased(DirectoryEntry)
    # One look along the key for each line: as `not exists` PostgreSQL would hash the whole table.
    address = (
        select(own.key)
        .where(own.user_id == DirectoryEntry.user_id, own.field == "email")
        .scalar_subquery()
    )
    found: Found = (
        select(*_COLUMNS, DirectoryEntry.key)
        .join(User, User.id == DirectoryEntry.user_id)
        .where(
            # No pattern, so signs such as % are letters here.
            DirectoryEntry.key >= wanted,
            DirectoryEntry.key < wanted + LAST,
            or_(
                DirectoryEntry.field == "email",
                address < wanted,
                address >= wanted + LAST,
            ),
        )
        .order_by(*order)
    )
    return found if after is None else found.where(order > after)


_COLUMNS = (
    User.id,
    User.public_id,
    User.name,
    User.email,
    User.created_at,
    User.confirmed_at,
    User.active,
)
