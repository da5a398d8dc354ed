"""What happens to second factors."""

from dataclasses import dataclass

from app.core.events import AccountEvent


@dataclass(frozen=True, kw_only=True)
class FactorAdded(AccountEvent):
    """An account has one second factor more.

    Args:
        factor: the key of its kind.
        factor_label: what people call the kind.
        factor_name: what its owner calls it.
        keep: the session that goes on; None if none does.
    """

    title = "Second factor added"
    words = "{factor_label} is asked for from now on. All other sign-ins were ended."
    stored = ("factor", "factor_label")
    can_be_disowned = True

    factor: str
    factor_label: str
    factor_name: str
    keep: int | None


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(AccountEvent):
    """An account has one second factor less.

    Args:
        factor: the key of its kind.
        factor_label: what people call the kind.
        factor_name: what its owner calls it.
        keep: the session that goes on; None if none does.
        reason: why, in words.
        by_owner: whether its owner removed it, and not the administration.
    """

    title = "Second factor removed"
    words = "{factor_label} was taken away, because {reason}. All other sign-ins were ended."
    stored = ("factor", "factor_label", "reason")
    can_be_disowned = True

    factor: str
    factor_label: str
    factor_name: str
    keep: int | None
    reason: str
    by_owner: bool


@dataclass(frozen=True, kw_only=True)
class SecondFactorRefused(AccountEvent):
    """The first proof was right and the second was not.

    Args:
        factor: the key of its kind. Never the code.
        factor_label: what people call the kind.
        at_sign_in: whether somebody was signing in, and not signed in already.
    """

    title = "Second factor refused"
    words = "Somebody knew the first proof and gave a wrong code: {factor_label}."
    stored = ("factor", "factor_label", "at_sign_in")
    can_be_disowned = True

    factor: str
    factor_label: str
    at_sign_in: bool
