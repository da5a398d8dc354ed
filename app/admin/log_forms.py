"""What narrows the log."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, StringField, ValidationError
from wtforms.validators import AnyOf, Length, Optional

from app.accounts.email import LONGEST_ADDRESS
from app.admin import log_service
from app.admin.log_service import FIRST_DAY, LAST_DAY
from app.core.events import Event
from app.security_log.service import Wanted
from app.security_log.stored import STORED

NO_KIND = "Nothing of this kind is written down."
NO_DAY = "Write a day such as 2026-11-26."
OUT_OF_BOUNDS = f"Write a day from {FIRST_DAY} to {LAST_DAY}."
WRONG_ORDER = "The last day is before the first."
TOO_LONG = f"Use at most {LONGEST_ADDRESS} characters."


class Day(DateField):  # type: ignore[misc]
    """A day in UTC."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a day, or say how one is written."""
        try:
            super().process_formdata([text.strip() for text in valuelist])
        except ValueError:
            raise ValueError(NO_DAY) from None


class LogForm(FlaskForm):  # type: ignore[misc]
    """What narrows the log. It changes nothing, so it can stand in an address and be kept."""

    class Meta:
        csrf = False

    account = StringField("Account", [Length(max=LONGEST_ADDRESS, message=TOO_LONG)])
    kind = StringField("What happened", [AnyOf(["", *STORED], message=NO_KIND)], default="")
    since = Day("First day", [Optional()])
    until = Day("Last day", [Optional()])

    def kinds(self) -> list[type[Event]]:
        """Return what can be chosen."""
        return list(STORED.values())

    def validate_since(self, field: Any) -> None:
        """Refuse what no calendar of ours holds."""
        if field.data and not FIRST_DAY <= field.data <= LAST_DAY:
            raise ValidationError(OUT_OF_BOUNDS)

    def validate_until(self, field: Any) -> None:
        """Refuse the same, and what is over before it begins."""
        self.validate_since(field)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(WRONG_ORDER)

    def wanted(self) -> Wanted:
        """Return which events are wanted."""
        return log_service.narrow(
            self.account.data, self.kind.data, self.since.data, self.until.data
        )

    def as_address(self) -> dict[str, Any]:
        """Return what narrows, for the address of another page."""
        days = {"since": self.since.data, "until": self.until.data}
        typed = {"account": self.account.data, "kind": self.kind.data, **days}
        return {name: str(value) for name, value in typed.items() if value}
