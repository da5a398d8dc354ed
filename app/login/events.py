"""What happens when somebody signs in, signs out, or proves again who they are."""

from dataclasses import dataclass

from app.core.events import AccountEvent, Event


@dataclass(frozen=True, kw_only=True)
class SignedIn(AccountEvent):
    """Somebody passed every step of the sign-in.

    Args:
        login_session_id: the new session.
        known_device: whether the account was signed in to from this browser before.
        amr: what was proved, by the names of RFC 8176.
    """

    title = "Signed in"
    words = "Somebody came in with all that the account asks for: {amr}."
    stored = ("amr", "known_device")
    can_be_disowned = True

    login_session_id: int
    known_device: bool
    amr: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SignedOut(AccountEvent):
    """A session was ended where it was used."""

    title = "Signed out"
    words = "A sign-in was ended where it was used."

    login_session_id: int


@dataclass(frozen=True, kw_only=True)
class SignedOutEverywhere(AccountEvent):
    """All sessions of an account were ended at once.

    Args:
        keep: the session that goes on; None if none does.
    """

    title = "Signed out everywhere"
    words = "All sign-ins were ended, or all but the one that asked."
    can_be_disowned = True

    keep: int | None


@dataclass(frozen=True, kw_only=True)
class SignInRefused(Event):
    """A sign-in was refused.

    Args:
        email: as it was typed. Never the password.
        reason: ``credentials`` or ``inactive``.
    """

    title = "Sign-in refused"
    words = "Somebody tried to sign in and did not know the password, or the account was off."
    stored = ("reason",)

    email: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GuessingSlowed(Event):
    """So many tries were refused that the next one must wait.

    Args:
        seconds: how long.
        user_id: the account, where one is known.
        email: the address that was typed, where none is.
    """

    title = "Tries slowed down"
    words = "There were too many wrong tries. The next try has to wait {seconds} seconds."
    stored = ("seconds",)

    seconds: int
    user_id: int | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class BrowsersForgotten(AccountEvent):
    """Browsers that an account knew are unknown to it again.

    Args:
        device_hash: the one browser; None if it is all of them.
    """

    title = "Browsers forgotten"
    words = "The account knows no browser any more."
    not_stored = "it follows from another event, which is stored."

    device_hash: str | None


@dataclass(frozen=True, kw_only=True)
class Reauthenticated(AccountEvent):
    """Somebody who is signed in proved again who they are."""

    title = "Password given again"
    words = "Somebody who was signed in proved again that they know the password."
    can_be_disowned = True

    login_session_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReauthenticationRefused(AccountEvent):
    """Somebody who is signed in did not know the password of the account."""

    title = "Password refused"
    words = "Somebody who was signed in was asked for the password and did not know it."
    can_be_disowned = True
