"""The use case of whoever came back from a provider: be somebody here.

An account belongs to whoever proves it here. A provider proves that somebody is the same as last
time, and that an address is theirs. That is enough to open what was linked and to make what was
not there. It is not enough to open an account that somebody else may have made.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.points import AccountLine
from app.accounts.service import confirm, find_user, remove_unconfirmed
from app.core.principal import Principal
from app.extensions import db
from app.social import identities
from app.social.models import SocialIdentity
from app.social.provider import Person
from app.social.providers import providers
from app.social.refusals import ProviderRefused

# RFC 8176 has no name for "somebody else has looked".
FEDERATED = "fed"


class NoProvedAddress(ProviderRefused):
    """The provider names no address that it has proved."""


class AddressTaken(Exception):
    """There is an account under the address: its owner comes in as before, and then links.

    Attributes:
        user_id: the account.
    """

    def __init__(self, user_id: int) -> None:
        super().__init__("An account has this address.")
        self.user_id = user_id


def recognise(person: Person) -> User:
    """Return the account that somebody opens, made now if there was none.

    Raises:
        AddressTaken: a confirmed account has their address, and is not linked.
        NoProvedAddress: they have none, so nothing can be made.
    """
    identity = identities.find(person)
    if identity is None and person.email is None:
        raise NoProvedAddress
    # Of two who come at once, one makes the account. The other is stopped by the database or finds
    # the address taken, a moment ago, by this very person: so it looks again before it says so.
    identity = identity or _make_account(person) or identities.find(person)
    if identity is None:
        raise AddressTaken(_owner_of(person))
    return db.session.get_one(User, identity.user_id)


def _owner_of(person: Person) -> int:
    user = find_user(person.email or "")
    if user is None:  # erased at this very moment
        raise NoProvedAddress
    return user.id


def _make_account(person: Person) -> SocialIdentity | None:
    """Make an account without a password; None if another has the address, or was quicker.

    One that nobody confirmed is nobody's and is replaced whole, so a stranger who registered the
    address beforehand leaves nothing behind, and no password of theirs opens this account.
    """
    email = person.email or ""
    found = find_user(email)
    if found is not None and found.confirmed_at is not None:
        return None
    remove_unconfirmed(email)
    try:
        with db.session.begin_nested():
            user = User(name=person.name, email=email, password_hash=None)
            db.session.add(user)
            db.session.flush()
            identity = identities.add(user.id, person)
    except IntegrityError:
        return None
    confirm(user)
    identities.tell_linked(identity)
    return identity


def account_lines(principal: Principal) -> list[AccountLine]:
    """Say on the account page who else opens it, if anybody can."""
    linked = identities.list_linked(principal)
    if not linked and not providers():
        return []
    state = ", ".join(one.label for one in linked) or "None linked"
    return [AccountLine("Other providers", state, "social.index", "See and link")]


def export(user_id: int) -> list[dict[str, Any]]:
    """Return who opens the account."""
    rows = db.session.scalars(
        select(SocialIdentity).where(SocialIdentity.user_id == user_id).order_by(SocialIdentity.id)
    )
    return [
        {
            "provider": row.provider,
            "subject": row.subject,
            "account_name": row.account_name,
            "linked_at": row.linked_at.isoformat(),
        }
        for row in rows
    ]
