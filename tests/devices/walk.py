"""What the walk through the house must know of the devices."""

from tests.conftest import Browser
from tests.house.walk import USER, Known, Walk, session_of_the_user


def sign_in_elsewhere(walk: Walk) -> None:
    """Let the user be told by mail of another browser."""
    assert Browser(walk.app).sign_in(USER).status_code == 303


KNOWN = Known(
    things={("devices", "public_id"): session_of_the_user},
    prepare=sign_in_elsewhere,
)
