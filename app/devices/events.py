"""What happens to signed-in devices."""

from dataclasses import dataclass

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class DeviceSignedOut(AccountEvent):
    """The owner ended a session from elsewhere."""

    title = "Device signed out"
    words = "One sign-in was ended from elsewhere."
    can_be_disowned = True

    login_session_id: int
