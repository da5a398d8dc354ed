"""What the administration does to accounts."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class NewPasswordRequired(AccountEvent):
    """The administration took an account's password away."""

    title = "New password required"
    words = "The password was taken away and everybody signed out. A mail told how to go on."


@dataclass(frozen=True, kw_only=True)
class SessionEnded(AccountEvent):
    """The administration ended one session of an account."""

    title = "Signed out"
    words = "One sign-in was ended."

    login_session_id: int


@dataclass(frozen=True, kw_only=True)
class SecurityLogExported(Event):
    """Somebody exported the security log; a field is None where it did not narrow."""

    title = "Log exported"
    words = (
        "Events were taken away as a table: of account {account}, of kind {of_kind}, from {since} "
        "until {until}."
    )
    stored = ("account", "of_kind", "since", "until")
    about_account = False

    account: str | None
    of_kind: str | None
    since: str | None
    until: str | None
