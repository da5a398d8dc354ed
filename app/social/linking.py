"""The use cases of an account's owner: let a provider open it, and take that away again."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.service import hold
from app.core import tokens
from app.core.principal import Principal
from app.core.secrets import digest
from app.extensions import db
from app.login.service import shut_everyone_out
from app.social import events, identities
from app.social.models import SocialIdentity
from app.social.provider import Person, Provider
from app.social.providers import providers
from app.social.refusals import ProviderRefused, StateLost

LINK = "social_link"
LINK_LIFETIME = timedelta(minutes=15)


class LinkedElsewhere(ProviderRefused):
    """This identity opens another account."""


class LinkedAlready(ProviderRefused):
    """The account is opened by somebody else at this provider."""


class NotLinked(Exception):
    """The account is not opened by this provider."""


class LastWayIn(Exception):
    """Without this, nothing would open the account."""


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
    known = identities.find(person)
    if known is not None and known.user_id != user_id:
        raise LinkedElsewhere
    if known is None and identities.find_linked(user_id, person.provider) is not None:
        raise LinkedAlready
    return known is not None


def find_waiting(principal: Principal, device: str) -> tuple[tokens.OneTimeToken, Person] | None:
    """Return who waits to be linked to the account of whoever asks, in this browser."""
    for token in tokens.waiting(LINK, principal.account_id):
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
                identity = identities.add(user.id, person)
        except IntegrityError:  # at this very moment
            raise LinkedElsewhere from None
        identities.tell_linked(identity)
    return person


def _consume(token: tokens.OneTimeToken) -> None:
    try:
        tokens.consume(token)
    except tokens.TokenRefused:
        raise StateLost from None


def list_free(principal: Principal) -> list[Provider]:
    """Return the providers that the account could be linked with."""
    linked = {one.provider for one in identities.list_linked(principal)}
    return [provider for name, provider in providers().items() if name not in linked]


def unlink(principal: Principal, provider: str) -> str:
    """Take a way in away, and return what people call it.

    Whoever came in by it may be here still, so every other sign-in of the account ends
    (ASVS 5.0.0, 7.4.3).

    Raises:
        NotLinked: it is none of theirs.
        LastWayIn: there is no password and no other provider.
    """
    user = hold(principal.user_id)  # of two who each take one of the last two, one waits here
    identity = identities.find_linked(user.id, provider)
    if identity is None:
        raise NotLinked
    if user.password_hash is None and _count(user.id) == 1:
        raise LastWayIn
    db.session.delete(identity)
    db.session.flush()
    tokens.void(LINK, user.id)
    shut_everyone_out(user, keep=principal.login_session_id)
    events.IdentityUnlinked(
        user_id=user.id,
        provider=provider,
        provider_label=identities.label(provider),
        keep=principal.login_session_id,
    ).send()
    return identities.label(provider)


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
        events.IdentityUnlinked(
            user_id=user_id,
            provider=identity.provider,
            provider_label=identities.label(identity.provider),
            keep=None,
        ).send()
    db.session.flush()
