"""Pages of long lists, as programs ask for them and get them."""

from collections.abc import Callable, Sequence
from typing import Any

from marshmallow import Schema, fields
from marshmallow.validate import Length, Range
from webargs.flaskparser import abort

from app.core.lists import LONGEST_CURSOR, CursorRefused, Item, Key, read_list

USUAL, MOST = 20, 100


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
    try:
        page = read_list(of, sent.get("cursor"), sent["limit"], find, key)
    except CursorRefused:
        refusal = "This is no cursor of this list. Begin again without one."
        abort(422, messages={"query": {"cursor": [refusal]}})
    return {"items": page.items, "next_cursor": page.next_cursor}
