"""What the walk through the house must know of the administration.

Here it is the permission that counts, and nobody owns what he administers.
"""

from collections.abc import Callable
from uuid import UUID

from tests.house.walk import USER, Known, account, session_of_the_user
from tests.second_factor.walk import word_of_the_user  # feature: second_factor

THINGS: dict[tuple[str, str], Callable[[], object]] = {}
for place in ("admin.roles", "admin"):
    THINGS[place, "name"] = lambda: "keeper"
for place in ("admin.users", "admin"):
    THINGS[place, "public_id"] = lambda: UUID(account(USER).public_id)
    THINGS[place, "session_id"] = session_of_the_user
    THINGS[place, "role"] = lambda: "keeper"

SENT = {"admin.users.grant": {"role": "keeper"}}
# feature: second_factor
THINGS["admin_second_factor", "public_id"] = lambda: UUID(account(USER).public_id)
THINGS["admin_second_factor", "factor"] = word_of_the_user
SENT["admin_second_factor.take_away"] = {"reason": "lost"}
SENT["admin_second_factor_api.take_away"] = {"reason": "lost"}  # feature: api
# endfeature

KNOWN = Known(
    things=THINGS,
    sent=SENT,
    shown={"administrator": {"admin.users.index", "admin.users.show"}},
)
