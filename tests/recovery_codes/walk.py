"""What the walk through the house must know of recovery codes."""

from tests.house.walk import USER, Known, Walk
from tests.recovery_codes.conftest import give_codes


def give(walk: Walk) -> None:
    """Let the user have some."""
    give_codes(walk.app, USER)


KNOWN = Known(prepare=give)
