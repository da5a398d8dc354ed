# file of feature: accounts
"""One-time tokens: secrets with a purpose, an owner and an end, used once.

One mechanism serves links in mails, pending sign-ins and challenges, because all three go wrong
in the same way: whatever is counted or used once must be a row. A signed cookie can be put back
by whoever kept a copy; a row that is consumed stays consumed.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.database import PERSONAL, PLAIN, SECRET, UTCDateTime
from app.core.secrets import digest, new_secret
from app.extensions import affected_rows, db


class OneTimeToken(db.Model):  # type: ignore[misc,name-defined]
    """A token that waits to be used."""

    __tablename__ = "one_time_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40), info=PLAIN)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True, info=SECRET)
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    consumed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class TokenRefused(Exception):
    """The token is unknown, expired, used, or made for something else.

    One exception for all four: whoever guesses is not told how near they came.
    """


def issue(
    purpose: str,
    lifetime: timedelta,
    *,
    user_id: int | None = None,
    data: dict[str, Any] | None = None,
    replaces_older: bool = False,
) -> str:
    """Store a new token and return its secret, which is never seen again.

    Args:
        purpose: a token is only ever good for this.
        lifetime: how long it may wait.
        user_id: whose it is; it goes when the account goes.
        data: what the use case must remember, never a secret.
        replaces_older: void the owner's unused tokens of this purpose.
    """
    if replaces_older:
        void(purpose, user_id)
    secret = new_secret()
    db.session.add(
        OneTimeToken(
            purpose=purpose,
            secret_hash=digest(secret),
            user_id=user_id,
            data=data or {},
            expires_at=clock.now() + lifetime,
        )
    )
    db.session.flush()
    return secret


def void(
    purpose: str,
    user_id: int | None,
    *,
    keep: str | None = None,
    after: OneTimeToken | None = None,
) -> None:
    """Make the tokens that an owner has for a purpose good for nothing.

    Args:
        purpose: what they are for.
        user_id: whose they are; None for those of nobody.
        keep: the secret of the one that stays.
        after: only those that were issued later than this one.
    """
    which = [OneTimeToken.purpose == purpose, OneTimeToken.user_id == user_id]
    if keep is not None:
        which.append(OneTimeToken.secret_hash != digest(keep))
    if after is not None:
        which.append(OneTimeToken.id > after.id)
    affected_rows(delete(OneTimeToken).where(*which))


def drop(secret: str) -> None:
    """Make one token good for nothing."""
    affected_rows(delete(OneTimeToken).where(OneTimeToken.secret_hash == digest(secret)))


def waiting(purpose: str, user_id: int) -> list[OneTimeToken]:
    """Return the tokens of an owner that could be used now, the oldest first."""
    return list(
        db.session.scalars(
            select(OneTimeToken)
            .where(
                OneTimeToken.user_id == user_id,
                OneTimeToken.purpose == purpose,
                OneTimeToken.consumed_at.is_(None),
                OneTimeToken.expires_at > clock.now(),
            )
            .order_by(OneTimeToken.id)
        )
    )


def get(purpose: str, secret: str) -> OneTimeToken:
    """Return a token that could be used now, without using it.

    Raises:
        TokenRefused: there is none.
    """
    token = db.session.scalars(
        select(OneTimeToken).where(
            OneTimeToken.secret_hash == digest(secret),
            OneTimeToken.purpose == purpose,
            OneTimeToken.consumed_at.is_(None),
            OneTimeToken.expires_at > clock.now(),
        )
    ).one_or_none()
    if token is None:
        raise TokenRefused
    return token


def consume(token: OneTimeToken) -> None:
    """Use the token up, in one statement: of two who come at once, one wins.

    Raises:
        TokenRefused: somebody else was first.
    """
    used = affected_rows(
        update(OneTimeToken)
        .where(OneTimeToken.id == token.id, OneTimeToken.consumed_at.is_(None))
        .values(consumed_at=clock.now())
    )
    if used != 1:
        raise TokenRefused
