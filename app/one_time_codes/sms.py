"""Text messages: one interface, and what is behind it.

A text message is the weakest way of all: numbers are taken over, messages are shown on locked
screens (NIST SP 800-63B-4, 3.2.9 calls it restricted). So it is off unless a site switches it on.
"""

from abc import ABC, abstractmethod
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask import current_app

from app.core import clock
from app.core.encryption import encrypt
from app.core.factor import CodeNotSent
from app.extensions import db
from app.one_time_codes.models import InboxMessage

TIMEOUT = 10  # seconds for the whole of one message
AWAY = "The message could not be sent. Try again in a moment, or take another way."


class SmsSender(ABC):
    """What brings a text to a phone."""

    @abstractmethod
    def send(self, number: str, text: str) -> None:
        """Send a text.

        Args:
            number: in the form of E.164.
            text: of one message.

        Raises:
            CodeNotSent: it did not go out.
        """


class TwilioSender(SmsSender):
    """The messages of Twilio."""

    def send(self, number: str, text: str) -> None:
        """Hand a text to Twilio. Whatever it says of the number, the owner hears one sentence."""
        from requests import RequestException  # only where messages are sent
        from twilio.base.exceptions import TwilioException

        try:
            _twilio().messages.create(to=number, from_=current_app.config["TWILIO_FROM"], body=text)
        except (TwilioException, RequestException):
            current_app.logger.warning("a text message was not sent")
            raise CodeNotSent(AWAY) from None


def _twilio() -> Any:
    """Return Twilio's client, which asks at the address of the settings and does not wait long."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Bounded(TwilioHttpClient):  # type: ignore[misc]
        def request(self, method: str, url: str, *arguments: Any, **named: Any) -> Any:
            there = urlsplit(current_app.config["TWILIO_URL"])
            asked = urlsplit(url)
            url = urlunsplit((there.scheme, there.netloc, asked.path, asked.query, ""))
            return super().request(method, url, *arguments, **named)

    settings = current_app.config
    return Client(
        settings["TWILIO_ACCOUNT_SID"],
        settings["TWILIO_AUTH_TOKEN"],
        http_client=Bounded(timeout=TIMEOUT, max_retries=0),
    )


class InboxSender(SmsSender):
    """A page on this machine, for development alone."""

    def send(self, number: str, text: str) -> None:
        """Put a text where the page of development shows it."""
        sealed = encrypt(text, number)
        db.session.add(InboxMessage(number=number, text=sealed, sent_at=clock.now()))
        db.session.commit()


SENDERS: dict[str, type[SmsSender]] = {"twilio": TwilioSender, "inbox": InboxSender}


def is_on() -> bool:
    """Tell whether this site sends text messages."""
    return bool(current_app.config["SMS_SENDER"])


def sender() -> SmsSender:
    """Return what sends text messages here."""
    return SENDERS[current_app.config["SMS_SENDER"]]()
