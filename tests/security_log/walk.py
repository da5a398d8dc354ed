"""What the walk through the house must know of the security log."""

from uuid import UUID

from app.accounts.models import User
from app.extensions import db
from app.security_log.models import SecurityEvent
from tests.house.walk import USER, Known


def event_of_the_user() -> UUID | None:
    """Return the first sign-in of the user."""
    own = db.select(SecurityEvent.public_id).where(SecurityEvent.kind == "signed_in")
    told = own.join(User, User.public_id == SecurityEvent.account).where(User.email == USER)
    return db.session.scalars(told.order_by(SecurityEvent.id)).first()


KNOWN = Known(
    things={("security_log", "public_id"): event_of_the_user},
    shown={"user": {"mail"}},  # the one after "this was not me"
)
