"""What happens to recovery codes."""

from dataclasses import dataclass

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class RecoveryCodeUsed(AccountEvent):
    """A saved code was used in place of a factor.

    Args:
        left: how many are left.
    """

    title = "Recovery code used"
    words = "A saved code was used in place of a second factor. {left} are left."
    stored = ("left",)
    can_be_disowned = True

    left: int


@dataclass(frozen=True, kw_only=True)
class RecoveryCodesRenewed(AccountEvent):
    """The saved codes of an account were replaced by others."""

    title = "Recovery codes renewed"
    words = "The account has new saved codes; those before are void."
    can_be_disowned = True
