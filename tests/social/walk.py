"""What the walk through the house must know of linked identities."""

from tests.house.planted import HOSTILE
from tests.house.walk import USER, Known, Walk
from tests.social.conftest import link_identity


def link(walk: Walk) -> None:
    """Let somebody with a hostile name open the user's account."""
    link_identity(walk.app, USER, account_name=HOSTILE)


KNOWN = Known(
    things={("social", "linked"): lambda: "github"},
    shown={"user": {"social.index"}},
    prepare=link,
)
