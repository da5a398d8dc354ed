"""What a mailed link hears of: each of these makes it good for nothing."""

from app.accounts.events import AccountDeactivated
from app.core.events import AccountEvent, on
from app.passwords import service
from app.passwords.events import PasswordChanged


@PasswordChanged.connect
@AccountDeactivated.connect
@on("email_changed")
@on("email_change_undone")
def void_links(event: AccountEvent) -> None:
    """Void the links of an account that has changed since they were mailed."""
    service.void_links(event.user_id)
