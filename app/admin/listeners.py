"""The directory follows the accounts: whoever changes one need not think of it."""

from typing import Any

from sqlalchemy import Connection, event, inspect

from app.accounts.models import User
from app.admin import directory


@event.listens_for(User, "after_insert")
def enter(_: Any, connection: Connection, user: User) -> None:
    """Enter a new account, in the transaction that makes it."""
    directory.write(connection, user)


@event.listens_for(User, "after_update")
def enter_again(_: Any, connection: Connection, user: User) -> None:
    """Enter an account anew whose address or name changes, in the same transaction."""
    fields: Any = inspect(user).attrs
    if fields.email.history.has_changes() or fields.name.history.has_changes():
        directory.write(connection, user)
