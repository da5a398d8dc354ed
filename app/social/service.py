"""The use cases of whoever came back from a provider: be somebody here, link and unlink.

An account belongs to whoever proves it here. A provider proves that somebody is the same as last
time, and that an address is theirs. That is enough to open what was linked and to make what was
not there. It is not enough to open an account that somebody else may have made.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.service import confirm, find_user, hold, remove_unconfirmed
from app.core import events, tokens
from app.core.feature import AccountLine
from app.core.principal import Principal
from app.core.secrets import digest
from app.extensions import db
from app.login.service import shut_everyone_out
from app.social.models import SocialIdentity
from app.social.providers import Person, Provider, providers
from app.social.refusals import ProviderRefused, StateLost

LINK = "social_link"
LINK_LIFETIME = timedelta(minutes=15)
# RFC 8176 has no name for "somebody else has looked".
FEDERATED = "fed"


class NoProvedAddress(ProviderRefused):
    """The provider names no address that it has proved."""


class LinkedElsewhere(ProviderRefused):
    """This identity opens another account."""


class LinkedAlready(ProviderRefused):
    """The account is opened by somebody else at this provider."""


class AddressTaken(Exception):
    """There is an account under the address: its owner comes in as before, and then links.

    Attributes:
        user_id: the account.
    """

    def __init__(self, user_id: int) -> None:
        super().__init__("An account has this address.")
        self.user_id = user_id


class NotLinked(Exception):
    """The account is not opened by this provider."""


class LastWayIn(Exception):
    """Without this, nothing would open the account."""


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
    linked_at: Any


def recognise(person: Person) -> User:
    """Return the account that somebody opens, made now if there was none.

    Raises:
        AddressTaken: a confirmed account has their address, and is not linked.
        NoProvedAddress: they have none, so nothing can be made.
    """
    identity = _find(person)
    if identity is None and person.email is None:
        raise NoProvedAddress
    # Of two who come at once, one makes the account. The other is stopped by the database or finds
    # the address taken, a moment ago, by this very person: so it looks again before it says so.
    identity = identity or _make_account(person) or _find(person)
    if identity is None:
        raise AddressTaken(_owner_of(person))
    return db.session.get_one(User, identity.user_id)


def _find(person: Person) -> SocialIdentity | None:
    return db.session.scalars(
        select(SocialIdentity).where(
            SocialIdentity.provider == person.provider, SocialIdentity.subject == person.subject
        )
    ).one_or_none()


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
            identity = _link(user.id, person)
    except IntegrityError:
        return None
    confirm(user)
    _tell(identity)
    return identity


def _link(user_id: int, person: Person) -> SocialIdentity:
    identity = SocialIdentity(
        user_id=user_id,
        provider=person.provider,
        subject=person.subject,
        account_name=person.account_name,
    )
    db.session.add(identity)
    db.session.flush()
    return identity


def _tell(identity: SocialIdentity) -> None:
    events.identity_linked.send(
        user_id=identity.user_id,
        provider=identity.provider,
        provider_label=label(identity.provider),
    )


def wait_for_link(person: Person, user_id: int, device: str) -> None:
    """Keep what a provider proved until the owner of an account says that it may open it.

    Nothing is linked by coming back. Another site can send a browser to a provider, and a
    provider may answer without a question; so the owner sees who it is, and presses a button.

    Args:
        person: who it is.
        user_id: the account.
        device: the browser that came back, and no other.

    Raises:
        LinkedElsewhere: they open another account.
        LinkedAlready: the account is opened by another of this provider.
    """
    _is_linked(person, user_id)
    content = {
        "device": digest(device),
        "provider": person.provider,
        "subject": person.subject,
        "account_name": person.account_name,
    }
    tokens.issue(LINK, LINK_LIFETIME, user_id=user_id, data=content, replaces_older=True)


def _is_linked(person: Person, user_id: int) -> bool:
    """Tell whether somebody opens an account already, asking once: it may change at any moment.

    Raises:
        LinkedElsewhere: they open another account.
        LinkedAlready: the account is opened by another of this provider.
    """
    known = _find(person)
    if known is not None and known.user_id != user_id:
        raise LinkedElsewhere
    if known is None and _find_linked(user_id, person.provider) is not None:
        raise LinkedAlready
    return known is not None


def find_waiting(principal: Principal, device: str) -> tuple[tokens.OneTimeToken, Person] | None:
    """Return who waits to be linked to the account of whoever asks, in this browser."""
    for token in tokens.waiting(LINK, principal.user_id or 0):
        content = token.data
        if content["device"] == digest(device) and content["provider"] in providers():
            return token, Person(
                provider=content["provider"],
                subject=content["subject"],
                email=None,
                name="",
                account_name=content["account_name"],
            )
    return None


def link(principal: Principal, device: str) -> Person:
    """Let who waits open the account from now on.

    Raises:
        StateLost: nobody waits any more.
        LinkedElsewhere: they open another account by now.
        LinkedAlready: another of this provider opens this one by now.
    """
    waiting = find_waiting(principal, device)
    if waiting is None:
        raise StateLost
    token, person = waiting
    user = hold(principal.user_id)
    _consume(token)
    if not _is_linked(person, user.id):
        try:
            with db.session.begin_nested():
                identity = _link(user.id, person)
        except IntegrityError:  # at this very moment
            raise LinkedElsewhere from None
        _tell(identity)
    return person


def _consume(token: tokens.OneTimeToken) -> None:
    try:
        tokens.consume(token)
    except tokens.TokenRefused:
        raise StateLost from None


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


def list_free(principal: Principal) -> list[Provider]:
    """Return the providers that the account could be linked with."""
    linked = {one.provider for one in list_linked(principal)}
    return [provider for name, provider in providers().items() if name not in linked]


def label(provider: str) -> str:
    """Return what people call a provider, also one that this house asks no more."""
    found = providers().get(provider)
    return found.label if found else provider.title()


def unlink(principal: Principal, provider: str) -> str:
    """Take a way in away, and return what people call it.

    Whoever came in by it may be here still, so every other sign-in of the account ends
    (ASVS 5.0.0, 7.4.3).

    Raises:
        NotLinked: it is none of theirs.
        LastWayIn: there is no password and no other provider.
    """
    user = hold(principal.user_id)  # of two who each take one of the last two, one waits here
    identity = _find_linked(user.id, provider)
    if identity is None:
        raise NotLinked
    if user.password_hash is None and _count(user.id) == 1:
        raise LastWayIn
    db.session.delete(identity)
    db.session.flush()
    tokens.void(LINK, user.id)
    shut_everyone_out(user, keep=principal.login_session_id)
    events.identity_unlinked.send(
        user_id=user.id,
        provider=provider,
        provider_label=label(provider),
        keep=principal.login_session_id,
    )
    return label(provider)


def _find_linked(user_id: int, provider: str) -> SocialIdentity | None:
    return db.session.scalars(
        select(SocialIdentity).where(
            SocialIdentity.user_id == user_id, SocialIdentity.provider == provider
        )
    ).one_or_none()


def _count(user_id: int) -> int:
    count = select(func.count()).where(SocialIdentity.user_id == user_id)
    return db.session.scalar(count) or 0


def forget_all(user_id: int) -> None:
    """Take every provider away from an account that a stranger may have linked."""
    tokens.void(LINK, user_id)
    for identity in db.session.scalars(
        select(SocialIdentity).where(SocialIdentity.user_id == user_id)
    ):
        db.session.delete(identity)
        events.identity_unlinked.send(
            user_id=user_id,
            provider=identity.provider,
            provider_label=label(identity.provider),
            keep=None,
        )
    db.session.flush()


def account_lines(principal: Principal) -> list[AccountLine]:
    """Say on the account page who else opens it, if anybody can."""
    linked = list_linked(principal)
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
