"""What the linked identities hear: somebody else had the account in their hands."""

from typing import Any

from app.core import events
from app.social import linking


@events.email_change_undone.connect  # feature: profile
def forget_all(_: Any, *, user_id: int, **__: Any) -> None:
    """Take every provider away: who moved the account may have linked one as a way back in."""
    linking.forget_all(user_id)


# feature: security_log
@events.event_disowned.connect
def forget_a_stranger(_: Any, *, user_id: int, disowned: str, **__: Any) -> None:
    """Take every provider away when the owner says that it was not them who linked one."""
    if disowned == "identity_linked":
        linking.forget_all(user_id)


# endfeature
