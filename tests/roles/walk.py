"""What the walk through the house must know of roles."""

from app.extensions import db
from app.roles import service as roles
from tests.house.walk import USER, Known, Walk, account


def give(walk: Walk) -> None:
    """Let the user have a role that allows nothing."""
    with walk.app.app_context():
        roles.create_role("keeper")
        roles.grant(account(USER), "keeper")
        db.session.commit()
    walk.callers["user"].roles = frozenset({"keeper"})


KNOWN = Known(prepare=give)
