"""What follows when an account gains a factor or loses one, whichever kind it is."""

from app.accounts.models import User
from app.core import throttle
from app.core.factor import SECOND_FACTORS
from app.login.attempt import drop_attempts
from app.login.service import end_sessions
from app.second_factor import events, service, trust

OWNERS_WISH = "its owner wished it"


def tell_added(user_id: int, key: str, name: str, *, keep: int | None) -> None:
    """Say that an account has one factor more; whoever came in without it is signed out.

    Args:
        user_id: whose.
        key: of the kind.
        name: what its owner calls it.
        keep: the sign-in that goes on.
    """
    end_sessions(user_id, keep=keep)
    trust.forget(user_id)
    events.FactorAdded(
        user_id=user_id, factor=key, factor_label=_label(key), factor_name=name, keep=keep
    ).send()


def _label(key: str) -> str:
    return next(kind.label for kind in SECOND_FACTORS if kind.key == key)


def tell_removed(
    user_id: int, key: str, name: str, *, keep: int | None, reason: str = OWNERS_WISH
) -> None:
    """Say that an account has one factor less; what was opened with it is closed.

    Whoever proved it may be in by it (ASVS 5.0.0, 7.4.3), and a sign-in that is half-way may have
    passed with it. Backups that are left alone go too: they stand in for nothing.

    Args:
        user_id: whose.
        key: of the kind.
        name: what its owner called it.
        keep: the sign-in that goes on.
        reason: why, in words that fit after "because".
    """
    drop_attempts(user_id)
    end_sessions(user_id, keep=keep)
    trust.forget(user_id)
    if not service.has_factor(user_id):
        for backup in SECOND_FACTORS:
            if backup.is_backup:
                backup.remove(user_id)
    events.FactorRemoved(
        user_id=user_id,
        factor=key,
        factor_label=_label(key),
        factor_name=name,
        keep=keep,
        reason=reason,
        by_owner=reason == OWNERS_WISH,
    ).send()


def take_away(user: User, key: str, reason: str) -> None:
    """Take a lost factor from an account that is somebody else's.

    Args:
        user: whose.
        key: of the kind; all of the kind goes.
        reason: why, in words that its owner is told, such as "it was lost".

    Raises:
        NoSuchFactor: the account has none of this kind.
    """
    kind = service.get_held(user.id, key).factor
    kind.remove(user.id)
    throttle.forget(service.KEY, user.public_id)
    tell_removed(user.id, key, kind.label, keep=None, reason=reason)
