"""What happens to tokens."""

from dataclasses import dataclass

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class RefreshTokenReused(AccountEvent):
    """A refresh token came again long after it was spent; its session is over."""

    title = "Token used twice"
    words = (
        "A refresh token came again after it was spent. Somebody may have a copy, so that sign-in "
        "was ended."
    )
    can_be_disowned = True

    login_session_id: int
