"""What the walk through the house must know of authenticators."""

from uuid import UUID

from app.extensions import db
from app.totp.models import Authenticator
from tests.house.planted import HOSTILE
from tests.house.walk import USER, Known, Walk
from tests.totp.conftest import give_authenticator


def give(walk: Walk) -> None:
    """Let the user have an authenticator with a hostile name."""
    give_authenticator(walk.app, USER, name=HOSTILE)


def authenticator_of_the_user() -> UUID:
    """Return the user's only one."""
    return db.session.scalars(db.select(Authenticator.public_id)).one()


KNOWN = Known(
    things={("totp", "public_id"): authenticator_of_the_user},
    shown={"user": {"totp.index", "second_factor.index"}},
    prepare=give,
)
