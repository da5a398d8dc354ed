"""The use cases of devices: see where an account is signed in, hear of a new one, end it.

There is no table of devices. A device is a login session, as its owner sees it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import (
    Select,
    exists,
    select,
    tuple_,
)

from app.accounts.models import User
from app.accounts.points import AccountLine
from app.core import clock, tokens
from app.core.outbox import post_mail, public_address
from app.core.principal import Principal
from app.core.user_agent import describe
from app.devices import events
from app.extensions import db
from app.login import known_device
from app.login.models import KnownDevice, LoginSession
from app.login.service import ORDINARY, end_session

NOT_ME = "not_me"
NOT_ME_LIFETIME = timedelta(days=7)
# Who has just proved their address and signs in for the first time needs no mail about it.
JUST_CONFIRMED = timedelta(minutes=10)
# The methods of RFC 8176 in words; one that is not here is shown by its name.
METHODS = {"pwd": "password", "otp": "one-time code"}
METHODS["fed"] = "another provider"
METHODS["sms"] = "text message"


class NoSuchDevice(Exception):
    """There is no such sign-in, it has ended, or it is somebody else's: never told apart."""


@dataclass(frozen=True)
class Device:
    """A sign-in as its owner sees it. Nothing in it opens anything.

    Args:
        public_id: names it in an address.
        kind: what it is, in a word: a browser, or something else.
        name: what it calls itself, such as browser and system.
        address: where it signed in from.
        signed_in_at: when that was.
        last_seen_at: when it was last used, to the minute.
        methods: what was proved.
        stays: whether it outlives the window of its browser.
        is_here: whether it is the one that asks.
    """

    public_id: UUID
    kind: str
    name: str
    address: str
    signed_in_at: datetime
    last_seen_at: datetime
    methods: str
    stays: bool
    is_here: bool


def list_devices(principal: Principal) -> list[Device]:
    """Return where an account is signed in: here first, the others by their last use."""
    devices = [_device(row, principal.login_session_id) for row in _alive(principal.user_id)]
    return sorted(devices, key=lambda device: not device.is_here)


def devices_after(
    principal: Principal, after: tuple[datetime, str] | None, limit: int
) -> list[Device]:
    """Return where an account is signed in, the newest sign-in first.

    In this order nothing moves while somebody turns pages, so no sign-in can hide by being used.

    Args:
        principal: whose.
        after: moment and id of the sign-in after which to go on; None begins.
        limit: how many at most.
    """
    order = tuple_(LoginSession.created_at, LoginSession.public_id)
    rows = _open(principal.user_id).order_by(*(column.desc() for column in order))
    if after is not None:
        rows = rows.where(order < after)
    alive = islice((row for row in db.session.scalars(rows) if _is_used(row)), limit)
    return [_device(row, principal.login_session_id) for row in alive]


def _alive(user_id: int | None) -> list[LoginSession]:
    rows = _open(user_id).order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
    return [row for row in db.session.scalars(rows) if _is_used(row)]


def _open(user_id: int | None) -> Select[LoginSession]:
    """Return a question for the sign-ins that nobody has ended; some may have been left alone."""
    return select(LoginSession).where(
        LoginSession.user_id == user_id,
        LoginSession.revoked_at.is_(None),
        LoginSession.expires_at > clock.now(),
    )


def _is_used(row: LoginSession) -> bool:
    return row.last_seen_at + _idle(row) > clock.now()


def _device(row: LoginSession, here: int | None) -> Device:
    return Device(
        public_id=UUID(row.public_id),
        kind=row.kind,
        name=describe(row.user_agent, f"Unknown {row.kind}"),
        address=row.address,
        signed_in_at=row.created_at,
        last_seen_at=row.last_seen_at,
        methods=", ".join(METHODS.get(method, method) for method in row.amr.split()),
        stays=_idle(row) > ORDINARY[0],
        is_here=row.id == here,
    )


def _idle(row: LoginSession) -> timedelta:
    return timedelta(seconds=row.idle_seconds)


def account_lines(principal: Principal) -> list[AccountLine]:
    """Return the line of the account page."""
    count = len(_alive(principal.user_id))
    state = f"Signed in on {count} devices" if count > 1 else "Signed in on this device only"
    return [AccountLine("Devices", state, "devices.index", "See and sign out")]


def end_device(principal: Principal, public_id: UUID) -> None:
    """End one of the principal's sign-ins; its browser is a stranger from now on.

    Raises:
        NoSuchDevice: none of theirs is alive under this id (ASVS 5.0.0, 7.5.2 and 8.2.2).
    """
    row = _owned(principal.user_id, public_id.hex)
    if row is None or not _end(row):
        raise NoSuchDevice
    known_device.forget(row.user_id, device_hash=row.device_hash)


def tell_of_new_device(user_id: int, login_session_id: int) -> None:
    """Mail the owner what, when and from where, with a link that ends it (ASVS 5.0.0, 6.3.5)."""
    user = db.session.get_one(User, user_id)
    row = db.session.get_one(LoginSession, login_session_id)
    if _is_first_visit(user, row):
        return
    # By its public id: SQLite gives the number of a row that is gone to the next one. The browser
    # is named too, because a thief who signs out soon has no row left when the link is followed.
    named = {"session": row.public_id, "device": row.device_hash}
    secret = tokens.issue(NOT_ME, NOT_ME_LIFETIME, user_id=user_id, data=named)
    post_mail(
        "devices/mail/new_device",
        user.email,
        device_kind=row.kind,
        device=describe(row.user_agent, f"Unknown {row.kind}"),
        signed_in_at=row.created_at,
        address=row.address,
        link=public_address("devices.not_me", token=secret),
    )


def disown(secret: str) -> bool:
    """End the sign-in that a mailed link names, and tell whether it was still there.

    The link needs no sign-in: whoever reads the owner's mail could reset the password anyway,
    and the owner may be locked out at this moment. It can do nothing but end this one sign-in.

    Raises:
        TokenRefused: the link is unknown, used or too old.
    """
    token = tokens.get(NOT_ME, secret)
    tokens.consume(token)
    user = db.session.get_one(User, token.user_id)
    known_device.forget(user.id, device_hash=token.data["device"])
    row = _owned(user.id, token.data["session"])
    return row is not None and _end(row)


def _owned(user_id: int | None, public_id: str) -> LoginSession | None:
    """Return a sign-in by the id in an address; the owner stands in the query."""
    return db.session.scalars(
        select(LoginSession).where(
            LoginSession.public_id == public_id, LoginSession.user_id == user_id
        )
    ).one_or_none()


def _end(row: LoginSession) -> bool:
    """End a sign-in and tell whether it was alive."""
    if not end_session(row.id):
        return False
    events.DeviceSignedOut(user_id=row.user_id, login_session_id=row.id).send()
    return True


def _is_first_visit(user: User, row: LoginSession) -> bool:
    """Tell whether somebody has just proved the address, and no other browser is known yet."""
    if user.confirmed_at is None or clock.now() - user.confirmed_at > JUST_CONFIRMED:
        return False
    another = exists().where(
        KnownDevice.user_id == user.id, KnownDevice.device_hash != row.device_hash
    )
    return not db.session.scalar(select(another))
