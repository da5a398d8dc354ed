"""The use cases of recovery codes: make ten, show them once, use one up."""

import base64
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update

from app.accounts.service import hold
from app.core import clock, tokens
from app.core.encryption import DecryptionFailed, decrypt, encrypt
from app.core.factor import CodeRefused
from app.core.principal import Principal
from app.core.secrets import digest
from app.extensions import affected_rows, db
from app.recovery_codes import events
from app.recovery_codes.codes import new_code, plain
from app.recovery_codes.models import RecoveryCode
from app.second_factor import service as second_factor

KEY = "recovery_code"
SHOWN = "recovery_codes_shown"
SHOWN_FOR = timedelta(minutes=10)
MADE = 10
LOW = 3  # so many left, and the owner is warned


class NothingToStandIn(Exception):
    """The account has no second factor, so there is nothing that could be lost."""


class State(NamedTuple):
    """How the codes of an account stand.

    Args:
        left: how many can be used.
        made_at: when they were made; None if never.
        used_at: when the last one was used; None if never.
    """

    left: int
    made_at: datetime | None
    used_at: datetime | None

    @property
    def is_low(self) -> bool:
        """Whether it is time for new ones."""
        return self.made_at is not None and self.left <= LOW


def make(user_id: int) -> None:
    """Make ten codes for an account, and void those before.

    They can be read for ten minutes, encrypted until then: who adds a factor on the way in sees
    them on the page after the next one.
    """
    remove(user_id)
    codes = [new_code() for _ in range(MADE)]
    db.session.add_all(
        RecoveryCode(user_id=user_id, code_hash=digest(plain(code))) for code in codes
    )
    sealed = base64.b64encode(encrypt(" ".join(codes), SHOWN)).decode()
    tokens.issue(SHOWN, SHOWN_FOR, user_id=user_id, data={"codes": sealed})


def renew(principal: Principal) -> None:
    """Make ten others, as when some are used or the paper may have been seen.

    Raises:
        NothingToStandIn: there is no factor that they could stand in for.
    """
    user = hold(principal.user_id)  # of two windows that ask, the later one shows what holds
    if not second_factor.has_factor(user.id):
        raise NothingToStandIn
    make(user.id)
    events.RecoveryCodesRenewed(user_id=user.id).send()


def readable(user_id: int) -> list[str]:
    """Return the codes while they can be read; none after that, for ever."""
    for token in tokens.waiting(SHOWN, user_id):
        with suppress(DecryptionFailed):  # its key was dropped meanwhile: they are shown no more
            return decrypt(base64.b64decode(token.data["codes"]), SHOWN).split()
    return []


def put_away(user_id: int) -> None:
    """Show the codes no more: their owner has saved them."""
    tokens.void(SHOWN, user_id)


def use(user_id: int, code: str) -> None:
    """Use a code up: of many who bring one, one statement lets one through.

    Raises:
        CodeRefused: it is none of the account's, or was used before.
    """
    used = affected_rows(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user_id,
            RecoveryCode.code_hash == digest(plain(code)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    if used != 1:
        raise CodeRefused
    events.RecoveryCodeUsed(user_id=user_id, left=state_of(user_id).left).send()


def state_of(user_id: int) -> State:
    """Return how many are left, and since when."""
    rows = db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user_id)).all()
    return State(
        left=sum(row.used_at is None for row in rows),
        made_at=max((row.made_at for row in rows), default=None),
        used_at=max((row.used_at for row in rows if row.used_at), default=None),
    )


def remove(user_id: int) -> None:
    """Void every code of an account."""
    put_away(user_id)
    affected_rows(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def export(user_id: int) -> dict[str, Any]:
    """Return how the codes stand, and none of them."""
    state = state_of(user_id)
    return {"left": state.left, "made_at": state.made_at.isoformat() if state.made_at else None}
