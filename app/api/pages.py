"""Long lists come in pages, and each page says with which cursor the next one is asked for.

A cursor holds the place where a page ended, not a number of rows to skip. What is added meanwhile
moves nothing, and the hundredth page costs as much as the first.
"""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range
from webargs.flaskparser import abort

from app.core.encryption import DecryptionFailed, decrypt, encrypt
from app.core.principal import current_principal

USUAL, MOST = 20, 100
LONGEST_CURSOR = 256

Key = tuple[datetime, Any]
Item = TypeVar("Item")


class PageQuerySchema(Schema):
    """Which page of a list."""

    limit = fields.Integer(
        load_default=USUAL,
        validate=Range(1, MOST),
        metadata={"description": "How many at most."},
    )
    cursor = fields.String(
        validate=Length(1, LONGEST_CURSOR),
        metadata={"description": "The `next_cursor` of the page before; none for the first."},
    )


def page_of(item: type[Schema], name: str) -> type[Schema]:
    """Return the schema of a page.

    Args:
        item: of what stands in the list.
        name: what the document calls it.
    """
    return Schema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(
                required=True,
                allow_none=True,
                metadata={"description": "Ask for the next page with it; null at the end."},
            ),
        },
        name=name,
    )


def read_page(
    of: str,
    sent: dict[str, Any],
    find: Callable[[Key | None, int], Sequence[Item]],
    key: Callable[[Item], Key],
) -> dict[str, Any]:
    """Return a page of a list, for a schema of ``page_of``.

    Args:
        of: names the list; a cursor fits no other.
        sent: what ``PageQuerySchema`` has read.
        find: takes the key after which to go on and how many to find, and asks once.
        key: what the list is ordered by; no two items may have the same.
    """
    after = _read(of, sent["cursor"]) if "cursor" in sent else None
    found = find(after, sent["limit"] + 1)  # one more tells whether there is a next page
    items = found[: sent["limit"]]
    more = len(found) > len(items)
    return {"items": items, "next_cursor": _write(of, key(items[-1])) if more else None}


def _write(of: str, key: Key) -> str:
    moment, mark = key
    sealed = encrypt(json.dumps([moment.isoformat(), mark]), _purpose(of))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def _read(of: str, cursor: str) -> Key:
    """Return what a cursor holds, if we wrote it for this list and this person.

    It is sealed, so nobody learns a number of a row from it, and what comes out of it needs no
    second look before it goes into a query.
    """
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        moment, mark = json.loads(decrypt(sealed, _purpose(of)))
    except (ValueError, DecryptionFailed):
        refusal = "This is no cursor of this list. Begin again without one."
        abort(422, messages={"query": {"cursor": [refusal]}})
    return datetime.fromisoformat(moment), mark


def _purpose(of: str) -> str:
    return f"page of {of} for {current_principal.public_id}"
