"""Events in words that a person knows: what, by whom, on what device."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.events import EVENTS
from app.core.user_agent import describe
from app.security_log.service import Entry, can_be_disowned

# The methods of a principal in words; one that is not here is shown by its name.
METHODS = {
    "none": "somebody from outside",
    "session": "a browser that was signed in",
    "jwt": "a program that was signed in",
    "command": "whoever runs this site, at the terminal",
    "worker": "this site itself",
}
# The methods of RFC 8176, for the one kind that says how.
PROOFS = {"pwd": "a password", "otp": "a one-time code"}
PROOFS["fed"] = "another provider"


@dataclass(frozen=True)
class OwnLine:
    """An event as the owner of the account sees it.

    Args:
        public_id: names it in an address.
        happened_at: when.
        kind: of the event.
        title: what happened, in a few words.
        words: the same in a sentence.
        by: who did it, as far as that is known.
        device: what it called itself, such as browser and system; empty if it is not known.
        address: where it came from, shortened after a while.
        can_be_disowned: whether the owner may say that it was somebody else.
    """

    public_id: UUID
    happened_at: datetime
    kind: str
    title: str
    words: str
    by: str
    device: str
    address: str
    can_be_disowned: bool


def describe_entry(entry: Entry) -> tuple[str, str]:
    """Return title and sentence of an event; of a kind that is gone, its name.

    What stands in the details was cut and stripped when it was stored, but it is still what
    somebody chose: it is shown as text and never as HTML.
    """
    event = EVENTS.get(entry.kind)
    if event is None:
        return entry.kind, ""
    details = {name: _plain(value) for name, value in entry.details.items()}
    return event.title, event.words.format_map(defaultdict(lambda: "?", details))


def describe_actor(entry: Entry) -> str:
    """Return who did it, in words for the owner of the account.

    Whoever acts on the account of somebody else is an administrator: nothing else lets them. Which
    one is for the administration to know.
    """
    if entry.actor is not None and entry.actor != entry.account:
        return "an administrator"
    return METHODS.get(entry.method, entry.method)


def describe_device(entry: Entry) -> str:
    """Return what the client called itself, in words; nothing if it said nothing."""
    if not entry.user_agent or entry.is_shortened:
        return entry.user_agent
    return describe(entry.user_agent, "Unknown program or browser")


def own_line(entry: Entry) -> OwnLine:
    """Return an event as the owner of the account sees it."""
    title, words = describe_entry(entry)
    return OwnLine(
        public_id=entry.public_id,
        happened_at=entry.happened_at,
        kind=entry.kind,
        title=title,
        words=words,
        by=describe_actor(entry),
        device=describe_device(entry),
        address=entry.address,
        can_be_disowned=can_be_disowned(entry),
    )


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(PROOFS.get(str(part), str(part)) for part in value) or "nothing"
    return str(value)
