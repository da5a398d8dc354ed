"""Every kind of event that is stored, in one table: the documents and the pages read it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of event.

    Args:
        name: the event's name in ``app.core.events``.
        title: what happened, in a few plain words.
        words: a sentence for the owner of the account.
        details: what of the event is kept besides the account; never a secret.
    """

    name: str
    title: str
    words: str
    details: tuple[str, ...] = ()


KINDS: tuple[Kind, ...] = (
    Kind("signed_in", "Signed in", "Somebody signed in to your account."),
    Kind("sign_in_refused", "Sign-in refused", "Somebody tried a wrong password.", ("reason",)),
)

BY_NAME = {kind.name: kind for kind in KINDS}
