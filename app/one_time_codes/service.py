"""The use cases of codes that are sent: where they go, send one, use one up."""

from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.service import hold
from app.core import clock, throttle, tokens
from app.core.factor import CodeNotSent, CodeRefused, Delivery
from app.core.outbox import post_mail
from app.core.principal import Principal
from app.extensions import affected_rows, db
from app.one_time_codes import events, sms
from app.one_time_codes.codes import new_code, sealed
from app.one_time_codes.models import CodeChannel, SentCode
from app.one_time_codes.phone import normalize
from app.second_factor import changes

EMAIL, SMS = "email", "sms"
KEYS = {EMAIL: "email_code", SMS: "sms_code"}  # the kinds of second factor
LIFETIME = timedelta(minutes=10)  # NIST SP 800-63B-4, 3.1.3.2
SETTING_UP = "code_channel"
ENOUGH = "Enough codes went out for this hour. Take another way, or come back later."


class NothingBegun(Exception):
    """No way for codes is being set up here, or it took too long."""


class NoSuchChannel(Exception):
    """No codes go this way to the account."""


class ChannelTaken(Exception):
    """Codes go this way to the account already."""


def channels_of(user_id: int) -> list[CodeChannel]:
    """Return the ways that codes go to an account."""
    return list(
        db.session.scalars(
            select(CodeChannel).where(CodeChannel.user_id == user_id).order_by(CodeChannel.channel)
        )
    )


def find_channel(user_id: int, channel: str) -> CodeChannel | None:
    """Return one way, if codes go it."""
    return next((one for one in channels_of(user_id) if one.channel == channel), None)


def begin(user_id: int, place: str, channel: str, typed: str = "") -> Delivery:
    """Send a code to where further codes shall go, to see that it arrives.

    Args:
        user_id: whose.
        place: the sign-in or session that asks.
        channel: ``email`` or ``sms``.
        typed: the phone number, as it was typed.

    Raises:
        NumberRefused: it is none to send a code to.
        ChannelTaken: codes go this way already.
        TooManyAttempts: too many went out.
    """
    if find_channel(user_id, channel) is not None:
        raise ChannelTaken
    number = ""
    if channel == SMS:
        number = normalize(typed, current_app.config["SMS_COUNTRIES"])
    content = {"place": place, "channel": channel, "number": number}
    tokens.issue(SETTING_UP, LIFETIME, user_id=user_id, data=content, replaces_older=True)
    return _issue(user_id, channel, f"{SETTING_UP} {place}", number)


def find_begun(user_id: int, place: str) -> tokens.OneTimeToken:
    """Return what is being set up here.

    Raises:
        NothingBegun: nothing is.
    """
    for token in tokens.waiting(SETTING_UP, user_id):
        if token.data["place"] == place:
            return token
    raise NothingBegun


def confirm(user_id: int, place: str, code: str, *, keep: int | None = None) -> CodeChannel:
    """Let codes go where one has arrived, as a second factor. Every other session ends.

    Raises:
        NothingBegun: nothing is being set up here.
        CodeRefused: it is not the code that was sent.
        TooManyAttempts: there were too many wrong ones.
        ChannelTaken: codes go this way already.
    """
    token = find_begun(user_id, place)
    throttle.count_try(SETTING_UP, str(token.id))
    channel, number = token.data["channel"], token.data["number"]
    use(user_id, channel, code, f"{SETTING_UP} {place}")
    hold(user_id)
    try:
        tokens.consume(token)
    except tokens.TokenRefused:
        raise NothingBegun from None
    added = CodeChannel(user_id=user_id, channel=channel, number=number)
    try:
        with db.session.begin_nested():
            db.session.add(added)
    except IntegrityError:
        raise ChannelTaken from None
    throttle.forget(SETTING_UP, str(token.id))
    changes.tell_added(user_id, KEYS[channel], channel, keep=keep)
    return added


def stop(principal: Principal, channel: str) -> None:
    """Send no more codes this way. Every other session ends.

    Raises:
        NoSuchChannel: none go it.
    """
    user_id = hold(principal.user_id).id
    if not remove(user_id, channel):
        raise NoSuchChannel
    keep = principal.login_session_id
    changes.tell_removed(user_id, KEYS[channel], channel, keep=keep)


def remove(user_id: int, channel: str) -> bool:
    """Take a way away without a word, and tell whether it was there."""
    for table in (SentCode, CodeChannel):
        gone = affected_rows(
            delete(table).where(table.user_id == user_id, table.channel == channel)
        )
    return gone == 1


def send(user_id: int, channel: str, transaction: str) -> Delivery:
    """Send a code for one sign-in, or one proof of presence. It takes the place of the last one.

    Raises:
        NoSuchChannel: no codes go this way.
        TooManyAttempts: the next one must wait.
        CodeNotSent: none goes out within this hour.
    """
    found = find_channel(user_id, channel)
    if found is None:
        raise NoSuchChannel
    return _issue(user_id, channel, transaction, found.number)


def _issue(user_id: int, channel: str, about: str, number: str) -> Delivery:
    _count_sending(user_id, channel, number)
    code, user = new_code(), hold(user_id)  # who asks twice at once gets two codes, one after one
    _forget_code(user_id, channel, about)
    db.session.add(
        SentCode(
            user_id=user_id,
            channel=channel,
            about=about,
            code_hash=_sealed(user_id, channel, about, code),
            expires_at=clock.now() + LIFETIME,
        )
    )
    db.session.flush()
    events.CodeSent(user_id=user_id, channel=channel).send()
    site = current_app.config["SITE_NAME"]
    if channel == SMS:
        text = f"{code} is your code for {site}. Tell it to nobody."
        return lambda: sms.sender().send(number, text)
    if not post_mail("one_time_codes/mail/code", user.email, name=user.name, code=code):
        raise CodeNotSent(ENOUGH)
    return lambda: None


def _count_sending(user_id: int, channel: str, number: str) -> None:
    """Count what goes out for an account, and to a number whichever account it is for.

    Raises:
        TooManyAttempts: the next one must wait.
    """
    throttle.count_try(f"send_{channel}", str(user_id))
    if number:
        throttle.count_try("send_number", number)


def use(user_id: int, channel: str, code: str, transaction: str) -> None:
    """Use a code up: of many who bring it, one statement lets one through.

    Raises:
        CodeRefused: it is not the one that was sent for this, or it is too old.
    """
    used = affected_rows(
        delete(SentCode).where(
            SentCode.user_id == user_id,
            SentCode.channel == channel,
            SentCode.about == transaction,
            SentCode.code_hash == _sealed(user_id, channel, transaction, code),
            SentCode.expires_at > clock.now(),
        )
    )
    if used != 1:
        raise CodeRefused
    throttle.forget(f"send_{channel}", str(user_id))
    mine = (CodeChannel.user_id == user_id, CodeChannel.channel == channel)
    affected_rows(update(CodeChannel).where(*mine).values(used_at=clock.now()))


def _sealed(user_id: int, channel: str, about: str, code: str) -> str:
    key = current_app.config["SECRET_KEY"]
    return sealed(code, key=key, about=f"{user_id} {channel} {about}")


def _forget_code(user_id: int, channel: str, about: str) -> None:
    affected_rows(
        delete(SentCode).where(
            SentCode.user_id == user_id, SentCode.channel == channel, SentCode.about == about
        )
    )


def tidy() -> int:
    """Remove codes that ran out, and return how many those were."""
    return affected_rows(delete(SentCode).where(SentCode.expires_at < clock.now()))


def export(user_id: int) -> list[dict[str, Any]]:
    """Return where codes go."""
    return [
        {
            "channel": one.channel,
            "number": one.number,
            "added_at": one.added_at.isoformat(),
            "used_at": one.used_at.isoformat() if one.used_at else None,
        }
        for one in channels_of(user_id)
    ]


def erase(user_id: int) -> None:
    """Remove what no foreign key would: the counts of what was sent."""
    for channel in KEYS:
        throttle.forget(f"send_{channel}", str(user_id))
