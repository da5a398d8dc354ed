"""A sign-in on its way: who it is, what was proved, and which steps are done.

While a step is outstanding the attempt is a row; the browser holds its secret and nothing of
its content. What was passed cannot be replayed by putting an old cookie back.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.accounts.models import User
from app.core import tokens
from app.extensions import db

PURPOSE = "sign_in_attempt"
LIFETIME = timedelta(minutes=10)

# Kinds of login session.
BROWSER = "browser"
PROGRAM = "program"


@dataclass(frozen=True)
class Origin:
    """Where a sign-in comes from.

    Args:
        address: of the client, as far as proxies are trusted.
        user_agent: as the browser calls itself.
        device: the secret of the browser's device cookie.
        kind: of the session to come.
    """

    address: str = ""
    user_agent: str = ""
    device: str = ""
    kind: str = BROWSER


def storable(header: str, longest: int) -> str:
    """Return what a client said of itself without what a database or a page would choke on.

    What cannot be printed goes: line ends, which would forge a line of a log, and the signs that
    turn the direction of writing.
    """
    return "".join(c for c in header if c.isprintable())[:longest]


@dataclass
class Attempt:
    """Somebody on the way to the door.

    Args:
        user: whose account it is.
        amr: the methods passed so far, by the names of RFC 8176.
        origin: where it comes from.
        remember: whether the session shall outlive the browser.
        next: the page to end at.
        steps_done: keys of the login steps already passed.
        token: the stored row, once a step had to be waited for.
    """

    user: User
    amr: tuple[str, ...]
    origin: Origin
    remember: bool = False
    next: str = "/"
    steps_done: tuple[str, ...] = ()
    token: tokens.OneTimeToken | None = None

    def pass_step(self, key: str, *amr: str) -> None:
        """Record that a step is done, and by which method if it proved something."""
        self.steps_done += (key,)
        self.amr += amr
        if self.token is not None:
            self.token.data = self._content()

    def park(self) -> str:
        """Store the attempt until its next step and return the secret that names it."""
        return tokens.issue(PURPOSE, LIFETIME, user_id=self.user.id, data=self._content())

    def _content(self) -> dict[str, Any]:
        return {
            "amr": list(self.amr),
            "remember": self.remember,
            "next": self.next,
            "kind": self.origin.kind,
            "steps_done": list(self.steps_done),
        }


def resume(secret: str, origin: Origin) -> Attempt:
    """Return a parked attempt.

    Raises:
        TokenRefused: it is unknown, finished or too old.
    """
    token = tokens.get(PURPOSE, secret)
    content = token.data
    if content["kind"] != origin.kind:  # what began in a browser ends in one
        raise tokens.TokenRefused
    return Attempt(
        user=db.session.get_one(User, token.user_id),
        amr=tuple(content["amr"]),
        origin=origin,
        remember=content["remember"],
        next=content["next"],
        steps_done=tuple(content["steps_done"]),
        token=token,
    )


def drop_attempts(user_id: int) -> None:
    """Forget the parked attempts of an account: what they have proved does not hold any more."""
    tokens.void(PURPOSE, user_id)
