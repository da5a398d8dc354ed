"""Codes that are sent, as kinds of second factor."""

from app.accounts.models import User
from app.core.factor import CodeNotSent, Delivery, Held, SecondFactor
from app.extensions import db
from app.one_time_codes import service, sms
from app.one_time_codes.models import CodeChannel
from app.one_time_codes.phone import masked


class SentCodes(SecondFactor):
    """A code that goes one way.

    Attributes:
        channel: the way.
    """

    about = "The six digits that we have sent you. They hold for ten minutes."
    set_up = "one_time_codes.index"
    is_sent = True
    channel: str

    def words(self, found: CodeChannel) -> str:
        """Return where a code goes, so that its owner knows it."""
        raise NotImplementedError

    def find(self, user_id: int) -> Held | None:
        """Return where a code would go."""
        found = service.find_channel(user_id, self.channel)
        return Held(self, self.words(found), found.used_at) if found else None

    def send(self, user_id: int, transaction: str) -> Delivery:
        """Send a code."""
        return service.send(user_id, self.channel, transaction)

    def verify(self, user_id: int, code: str, transaction: str) -> None:
        """Use a code up."""
        service.use(user_id, self.channel, code, transaction)

    def remove(self, user_id: int) -> None:
        """Send none any more."""
        service.remove(user_id, self.channel)


class EmailCodes(SentCodes):
    """Codes in a mail, to the address of the account."""

    channel = service.EMAIL
    key = service.KEYS[service.EMAIL]
    label = "Code by e-mail"
    enrol = "one_time_codes.enrol"

    def words(self, found: CodeChannel) -> str:
        """Return the address without most of its first part."""
        name, _, site = db.session.get_one(User, found.user_id).email.partition("@")
        return f"{name[:1]}…@{site}"


class SmsCodes(SentCodes):
    """Codes in a text message."""

    channel = service.SMS
    key = service.KEYS[service.SMS]
    label = "Code by text message"
    amr = "sms"

    def words(self, found: CodeChannel) -> str:
        """Return the end of the number."""
        return masked(found.number)

    def send(self, user_id: int, transaction: str) -> Delivery:
        """Send a code, if this site still sends messages.

        Who has this factor is asked for it all the same: a setting must not open accounts.
        """
        if not sms.is_on():
            raise CodeNotSent(
                "No text messages go out here any more. Take another way, or ask whoever runs "
                "this site to take the factor off your account."
            )
        return super().send(user_id, transaction)
