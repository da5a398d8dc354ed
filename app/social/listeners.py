"""What the linked identities hear: somebody else had the account in their hands."""

from typing import Any

from app.core.events import AccountEvent, on
from app.social import linking


@on("email_change_undone")
def forget_all(event: AccountEvent) -> None:
    """Take every provider away: who moved the account may have linked one as a way back in."""
    linking.forget_all(event.user_id)


@on("event_disowned")
def forget_a_stranger(event: Any) -> None:
    """Take every provider away when the owner says that it was not them who linked one."""
    if event.disowned == "identity_linked":
        linking.forget_all(event.user_id)
