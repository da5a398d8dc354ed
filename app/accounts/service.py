"""The use cases of accounts: each guards, changes, and says aloud what happened."""

from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import events, hashing, policy
from app.accounts.models import User
from app.accounts.points import ACCOUNT_GUARDS, PASSWORD_CHECKS
from app.core import clock, throttle, tokens
from app.core.outbox import post_mail, public_address
from app.extensions import affected_rows, db

CONFIRM_EMAIL = "confirm_email"
CONFIRMATION_LIFETIME = timedelta(hours=24)


class WrongPassword(Exception):
    """The password is not the one of the account."""


class NoSuchAccount(Exception):
    """There is no such account, or no account under this address."""


class StillNeeded(Exception):
    """The site cannot do without this account; the message says why."""


class AccountExists(Exception):
    """There is a confirmed account under this address."""


def find_user(email: str) -> User | None:
    """Return the account under a normalised address."""
    return db.session.scalars(select(User).where(User.email == email)).one_or_none()


def get_user(email: str) -> User:
    """Return the account under a normalised address.

    Raises:
        NoSuchAccount: there is none.
    """
    user = find_user(email)
    if user is None:
        raise NoSuchAccount
    return user


def check_new_password(password: str, *, name: str, email: str) -> None:
    """Hold a new password against the policy of this site.

    Raises:
        PasswordRefused: with the reason and what helps.
    """
    mailbox = email.partition("@")[0]
    policy.check_password(
        password,
        minimum=current_app.config["PASSWORD_MIN_LENGTH"],
        own_words=(current_app.config["SITE_NAME"], name, *name.split(), email, mailbox),
    )
    for check in PASSWORD_CHECKS:
        check(password)


def register(*, name: str, email: str, password: str) -> None:
    """Make an unconfirmed account and mail its link, or tell the owner that one exists.

    Whoever asks learns nothing: the hash is made before anything is looked up, one mail is
    posted on either path, and the caller's answer is the same. An account that was never
    confirmed is nobody's and is replaced whole, so a stranger who registered this address first
    leaves nothing behind, neither a password nor a name.
    """
    password_hash = hashing.hash_password(password)
    user = find_user(email)
    if user is not None and user.confirmed_at is not None:
        events.RegisteredAgain(user_id=user.id).send()
        return
    remove_unconfirmed(email)
    user = User(name=name, email=email, password_hash=password_hash)
    db.session.add(user)
    db.session.flush()
    secret = tokens.issue(CONFIRM_EMAIL, CONFIRMATION_LIFETIME, user_id=user.id)
    link = public_address("accounts.confirm_email", token=secret)
    post_mail("accounts/mail/confirm", email, link=link)
    events.Registered(user_id=user.id).send()


def confirm_email(secret: str, password: str) -> User:
    """Confirm the address behind a mailed link and return its account.

    The link proves the inbox, the password proves that the same person registered: the owner of
    an inbox who presses the button of a stranger's registration must not bless the stranger's
    password.

    Raises:
        TokenRefused: the link is unknown, used or too old.
        WrongPassword: the link still works afterwards.
        TooManyAttempts: the password has been guessed at.
    """
    token = tokens.get(CONFIRM_EMAIL, secret)
    throttle.count_try(CONFIRM_EMAIL, secret)
    user = db.session.get_one(User, token.user_id)
    if not user.active:  # switched off before it was ever confirmed
        raise tokens.TokenRefused
    if not hashing.verify_password(password, user.password_hash):
        events.ConfirmationRefused(user_id=user.id).send()
        raise WrongPassword
    tokens.consume(token)
    throttle.forget(CONFIRM_EMAIL, secret)
    confirm(user)
    return user


def confirm(user: User) -> None:
    """Count an account's address as proved."""
    user.confirmed_at = user.confirmed_at or clock.now()
    db.session.flush()
    events.EmailConfirmed(user_id=user.id).send()


def create(*, email: str, name: str, password: str | None, confirmed: bool) -> User:
    """Make an account from the command line.

    Raises:
        AccountExists: a confirmed account has this address.
        PasswordRefused: the policy holds for administrators too.
    """
    if password is not None:
        check_new_password(password, name=name, email=email)
    user = find_user(email)
    if user is not None and user.confirmed_at is not None:
        raise AccountExists
    remove_unconfirmed(email)
    password_hash = None if password is None else hashing.hash_password(password)
    user = User(name=name, email=email, password_hash=password_hash)
    db.session.add(user)
    db.session.flush()
    if confirmed:
        confirm(user)
    return user


def deactivate(user: User) -> None:
    """Switch an account off.

    Whoever holds its sessions hears of it and ends them.

    Raises:
        StillNeeded: the house cannot do without it.
    """
    check_dispensable(user.id)
    user.active = False
    db.session.flush()
    events.AccountDeactivated(user_id=user.id).send()


def activate(user: User) -> None:
    """Switch an account on again."""
    user.active = True
    db.session.flush()
    events.AccountActivated(user_id=user.id).send()


def check_dispensable(user_id: int) -> None:
    """Ask the features whether the house can do without an account.

    Raises:
        StillNeeded: it cannot.
    """
    for guard in ACCOUNT_GUARDS:
        guard(user_id)


def check_credentials(email: str, password: str) -> User | None:
    """Return the account if it may be used and the password is right.

    Exactly one hash is verified on every path: unknown, unconfirmed, switched off, without a
    password, wrong and right. A right password is hashed anew when the cost has changed.
    """
    user = find_user(email)
    usable = user is not None and user.is_active
    right = hashing.verify_password(password, user.password_hash if user and usable else None)
    if user is None or not right:
        return None
    return user if _still_has(user, password) else None


def _still_has(user: User, password: str) -> bool:
    """Tell whether the password that was verified is the account's now; it stays so to the commit.

    A hash takes long, and meanwhile a reset may have ended every session. The old password must
    not open one more after that, nor come back because its hash is made anew.
    """
    verified = str(user.password_hash)
    outdated = hashing.needs_rehash(verified)
    today = hashing.hash_password(password) if outdated else verified
    kept = affected_rows(
        update(User)
        .where(User.id == user.id, User.password_hash == verified)
        .values(password_hash=today, updated_at=User.updated_at)
    )
    return kept == 1


def hold(user_id: int | None) -> User:
    """Return an account that nobody else changes until this transaction ends.

    Held by a write, because SQLite cannot lock what it only reads.

    Raises:
        NoSuchAccount: it has been erased meanwhile.
    """
    if not affected_rows(update(User).where(User.id == user_id).values(updated_at=clock.now())):
        raise NoSuchAccount
    return db.session.get_one(User, user_id, populate_existing=True)


def change_email(user: User, email: str) -> None:
    """Give an account another address, which somebody has proved to own.

    Raises:
        AccountExists: a confirmed account has it. The transaction is still good.
    """
    remove_unconfirmed(email)
    try:
        with db.session.begin_nested():
            user.email = email
    except IntegrityError:
        # The database decides: a look before the change would let two through at once.
        raise AccountExists from None


def remove_unconfirmed(email: str) -> None:
    """Delete a registration that nobody confirmed: it is nobody's claim to the address.

    Its tokens go with it by foreign key.
    """
    db.session.execute(
        delete(User)
        .where(User.email == email, User.confirmed_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    db.session.expire_all()
