# file of feature: api | security_log
"""Long lists come in pages, and each page says with which cursor the next one is asked for.

A cursor holds the place where a page ended, not a number of rows to skip. What is added meanwhile
moves nothing, and the hundredth page costs as much as the first.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from app.core.current import current_principal
from app.core.encryption import DecryptionFailed, decrypt, encrypt

LONGEST_CURSOR = 1024

Key = tuple[Any, ...]
Item = TypeVar("Item")


class CursorRefused(Exception):
    """This is no cursor of this list and this person; begin again without one."""


@dataclass(frozen=True)
class ListPage(Generic[Item]):
    """Some of a long list.

    Args:
        items: in the order of the list.
        next_cursor: asks for what comes after them; None at the end.
    """

    items: Sequence[Item]
    next_cursor: str | None


def read_list(
    of: str,
    cursor: str | None,
    limit: int,
    find: Callable[[Key | None, int], Sequence[Item]],
    key: Callable[[Item], Key],
) -> ListPage[Item]:
    """Return a page of a list.

    Args:
        of: names the list with whatever narrows it; a cursor fits no other.
        cursor: of the page before; None for the first.
        limit: how many at most.
        find: takes the key after which to go on and how many to find, and asks once.
        key: what the list is ordered by: times, texts and numbers. No two items may have the same.

    Raises:
        CursorRefused: the cursor was not written here for this list and this person.
    """
    after = None if cursor is None else _unseal(of, cursor)
    found = find(after, limit + 1)  # one more tells whether there is a next page
    items = found[:limit]
    return ListPage(items, _seal(of, key(items[-1])) if len(found) > limit else None)


def _seal(of: str, key: Key) -> str:
    parts = [{"at": part.isoformat()} if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(encrypt(json.dumps(parts), _purpose(of))).decode().rstrip("=")


def _unseal(of: str, cursor: str) -> Key:
    """Return what a cursor holds.

    It is sealed, so nobody learns a number of a row from it, and what comes out of it needs no
    second look before it goes into a query.
    """
    if len(cursor) > LONGEST_CURSOR:
        raise CursorRefused
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        parts = json.loads(decrypt(sealed, _purpose(of)))
    except (ValueError, DecryptionFailed):
        raise CursorRefused from None
    return tuple(
        datetime.fromisoformat(part["at"]) if isinstance(part, dict) else part for part in parts
    )


def _purpose(of: str) -> str:
    return f"page of {of} for {current_principal.public_id}"
