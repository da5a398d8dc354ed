"""What a site says about codes that are sent."""

from collections.abc import Mapping
from typing import Any

from app.core.settings import Setting, comma_list, whole_number
from app.one_time_codes.phone import is_country

INBOX, TWILIO = "inbox", "twilio"


def sms_sender(value: str) -> str:
    """Read what sends text messages."""
    if value not in {"", INBOX, TWILIO}:
        raise ValueError("leave it empty for no text messages, or write twilio or inbox")
    return value


def countries(value: str) -> tuple[str, ...]:
    """Read countries."""
    found = tuple(code.upper() for code in comma_list(value))
    if wrong := [code for code in found if not is_country(code)]:
        raise ValueError(f"{', '.join(wrong)}: write countries by two letters, such as DE,AT")
    return found


def _inbox_is_for_development(sender: str, values: Mapping[str, Any]) -> str | None:
    if sender == INBOX and values.get("APP_ENV") != "development":
        return "the inbox is for APP_ENV=development: write twilio, or leave it empty"
    return None


def _goes_with_twilio(value: str, values: Mapping[str, Any]) -> str | None:
    if values.get("SMS_SENDER") == TWILIO and not value:
        return "is missing: SMS_SENDER=twilio needs it"
    return None


def _of_twilio(name: str, about: str) -> Setting:
    return Setting(name, about, default="", check=_goes_with_twilio)


SETTINGS = (
    Setting(
        "MAILED_CODE_SIGN_IN",
        "1 lets people sign in by a code that is mailed, without a password; 0 does not.",
        whole_number,
        default=0,
    ),
    Setting(
        "SMS_SENDER",
        "What sends text messages: nothing, twilio, or inbox for a page of development.",
        sms_sender,
        default="",
        check=_inbox_is_for_development,
    ),
    Setting(
        "SMS_COUNTRIES",
        "The countries that text messages go to, with commas between; empty is all.",
        countries,
        default=(),
    ),
    _of_twilio("TWILIO_ACCOUNT_SID", "Who this site is to Twilio."),
    _of_twilio("TWILIO_AUTH_TOKEN", "What proves it to Twilio."),
    _of_twilio("TWILIO_FROM", "The number that messages come from."),
    Setting("TWILIO_URL", "Where Twilio is asked.", default="https://api.twilio.com"),
)
