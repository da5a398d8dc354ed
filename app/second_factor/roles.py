"""``SECOND_FACTOR=roles:admin,editor``: a bridge to the feature of roles."""

from flask import Flask

from app.roles.service import roles_of
from app.second_factor.points import DEMANDS, Demand


def has_one_of(user_id: int, names: frozenset[str]) -> bool:
    """Return whether an account has one of these roles."""
    return not names.isdisjoint(roles_of(user_id))


def init_app(app: Flask) -> None:
    """Let the setting name roles."""
    DEMANDS.add(app, Demand("roles", has_one_of))
