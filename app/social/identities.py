"""Who at a provider opens which account."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.principal import Principal
from app.extensions import db
from app.social import events
from app.social.models import SocialIdentity
from app.social.provider import Person
from app.social.providers import providers


@dataclass(frozen=True)
class Linked:
    """A way in, as the owner of the account sees it.

    Args:
        provider: its name.
        label: what people call it.
        account_name: how it called them when they were linked.
        linked_at: when that was.
    """

    provider: str
    label: str
    account_name: str
    linked_at: datetime


def find(person: Person) -> SocialIdentity | None:
    """Return the row of somebody, if they open an account."""
    return db.session.scalars(
        select(SocialIdentity).where(
            SocialIdentity.provider == person.provider, SocialIdentity.subject == person.subject
        )
    ).one_or_none()


def find_linked(user_id: int, provider: str) -> SocialIdentity | None:
    """Return who of a provider opens an account, if anybody does."""
    return db.session.scalars(
        select(SocialIdentity).where(
            SocialIdentity.user_id == user_id, SocialIdentity.provider == provider
        )
    ).one_or_none()


def list_linked(principal: Principal) -> list[Linked]:
    """Return who opens the account of whoever asks, the oldest first."""
    rows = db.session.scalars(
        select(SocialIdentity)
        .where(SocialIdentity.user_id == principal.user_id)
        .order_by(SocialIdentity.id)
    )
    return [
        Linked(row.provider, label(row.provider), row.account_name, row.linked_at) for row in rows
    ]


def add(user_id: int, person: Person) -> SocialIdentity:
    """Let somebody open an account.

    Raises:
        IntegrityError: they open another, or another of this provider opens this one.
    """
    identity = SocialIdentity(
        user_id=user_id,
        provider=person.provider,
        subject=person.subject,
        account_name=person.account_name,
    )
    db.session.add(identity)
    db.session.flush()
    return identity


def tell_linked(identity: SocialIdentity) -> None:
    """Say that somebody opens an account from now on."""
    events.IdentityLinked(
        user_id=identity.user_id,
        provider=identity.provider,
        provider_label=label(identity.provider),
    ).send()


def label(provider: str) -> str:
    """Return what people call a provider, also one that this house asks no more."""
    found = providers().get(provider)
    return found.label if found else provider.title()
