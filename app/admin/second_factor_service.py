"""Lost second factors, removed by the administration."""

from uuid import UUID

from app.accounts.models import User
from app.admin.user_service import hold_user
from app.core.factor import FACTOR_REMOVAL, SECOND_FACTORS, Held, NoSuchFactor
from app.core.principal import Principal


class NoReason(Exception):
    """A factor is removed only for one of the known reasons."""


# Words that fit a mail after "because". No free text: it would put people into the log.
REASONS = {
    "lost": "it was lost",
    "stolen": "it was stolen",
    "broken": "it does not work any more",
}


def factors_of(user: User) -> list[Held]:
    """Return the second factors of an account."""
    return [held for kind in SECOND_FACTORS if (held := kind.find(user.id))]


def take_factor_away(principal: Principal, public_id: UUID, factor: str, reason: str) -> User:
    """Remove a lost second factor from an account, and notify its owner of the reason.

    It makes an account weaker, and the one who asks for it may be a thief with a good story. So
    there is a reason, which the owner reads in a mail, and a line in the log (ASVS 5.0.0, 6.4.4).

    Raises:
        NoSuchAccount: there is none.
        NoSuchFactor: the account has none of this kind.
        NoReason: there is no such reason.
        ActingOnOneself: it is the principal's own.
        HigherAccount: it may do more than the principal.
    """
    user = hold_user(principal, public_id)
    remove = FACTOR_REMOVAL.get()
    if reason not in REASONS:
        raise NoReason
    if remove is None:
        raise NoSuchFactor
    remove(user, factor, REASONS[reason])
    return user
