"""Moving an account to another address, and back when it was a thief who moved it.

The address is the way back into an account, so whoever moves it owns it. Therefore the new
address must be proved by the very account that asked, and the old one can take it back for three
days (OWASP ASVS 5.0.0, 7.5.1 and 6.3.7; NIST SP 800-63B-4, 4.6).
"""

from datetime import timedelta

from app.accounts.models import User
from app.accounts.service import change_email, find_user, hold
from app.core import throttle, tokens
from app.core.outbox import post_mail, public_address
from app.core.principal import Principal
from app.extensions import db
from app.login.service import shut_everyone_out
from app.profile import deletion, events

CHANGE = "change_email"
CHANGE_LIFETIME = timedelta(hours=24)
UNDO = "undo_email_change"
UNDO_LIFETIME = timedelta(hours=72)


class SameAddress(Exception):
    """The account has this address already."""


def request_change(principal: Principal, new_email: str) -> None:
    """Send a link to a new address and tell the present one; nothing changes yet.

    Whoever asks must not learn who else has an account. So a token is issued in either case, and
    where the address is taken its secret is thrown away: the same work, and the same line on the
    account page.

    Args:
        principal: whose account it is.
        new_email: a normalised address.

    Raises:
        SameAddress: it is the present one.
        TooManyAttempts: this account has asked too often.
    """
    user = db.session.get_one(User, principal.user_id)
    if new_email == user.email:
        raise SameAddress
    # Without a count, one account could send our mail to a hundred strangers.
    throttle.count_try(CHANGE, user.public_id)
    hold(user.id)
    data = {"new_email": new_email}
    secret = tokens.issue(CHANGE, CHANGE_LIFETIME, user_id=user.id, data=data, replaces_older=True)
    if not is_taken(new_email):
        link = public_address("profile.confirm_email", token=secret)
        post_mail("profile/mail/confirm_email", new_email, link=link)
    events.EmailChangeRequested(user_id=user.id, new_email=new_email).send()


def is_taken(email: str) -> bool:
    """Tell whether a confirmed account has an address."""
    user = find_user(email)
    return user is not None and user.confirmed_at is not None


def get_change(principal: Principal, secret: str) -> tokens.OneTimeToken:
    """Return the change behind a link, for the account that asked for it.

    A thief could mail the link of his own account to a victim. If the victim's press counted,
    the victim's address would belong to the thief's account.

    Raises:
        TokenRefused: there is no such change, or somebody else asked for it.
    """
    token = tokens.get(CHANGE, secret)
    if token.user_id != principal.user_id:
        raise tokens.TokenRefused
    return token


def confirm_change(principal: Principal, secret: str) -> str:
    """Move the account to the address that the link proves, and return that address.

    Raises:
        TokenRefused: there is no such change, or somebody else asked for it.
        AccountExists: a confirmed account has taken the address meanwhile.
    """
    token = get_change(principal, secret)
    user = hold(token.user_id)
    tokens.consume(token)
    old_email, new_email = user.email, str(token.data["new_email"])
    change_email(user, new_email)
    secret = tokens.issue(UNDO, UNDO_LIFETIME, user_id=user.id, data={"old_email": old_email})
    link = public_address("profile.undo_email", token=secret)
    post_mail("profile/mail/undo_change", old_email, link=link, new_email=new_email)
    events.EmailChanged(user_id=user.id, old_email=old_email, new_email=new_email).send()
    return new_email


def get_undo(secret: str) -> tokens.OneTimeToken:
    """Return the way back behind a link, without using it.

    Raises:
        TokenRefused: there is none.
    """
    return tokens.get(UNDO, secret)


def undo_change(secret: str) -> None:
    """Give an account back to the owner of its former address, whatever its address is now.

    Whoever presses this says that somebody else was in the account. So all that the other one may
    have left is void: sessions, the password, links in another inbox, and a planned deletion,
    because erasing cannot be taken back and asking for it again is easy. An account that was
    switched off stays so.

    Raises:
        TokenRefused: the link is unknown, used, too old, or a link of an earlier owner was used.
        AccountExists: the former address belongs to another confirmed account now.
    """
    token = get_undo(secret)
    user = hold(token.user_id)
    tokens.consume(token)
    taken_away = user.email
    change_email(user, token.data["old_email"])
    user.password_hash = None
    # What was issued later was mailed to an address that the thief had set.
    tokens.void(UNDO, user.id, after=token)
    void_changes(user.id)
    shut_everyone_out(user)
    deletion.cancel(user.id)
    events.EmailChangeUndone(user_id=user.id, old_email=user.email, new_email=taken_away).send()


def void_changes(user_id: int) -> None:
    """Make the links of changes that wait good for nothing."""
    tokens.void(CHANGE, user_id)


def find_new_email(user_id: int) -> str | None:
    """Return the address that waits to be proved."""
    waiting = tokens.waiting(CHANGE, user_id)
    return waiting[-1].data["new_email"] if waiting else None
