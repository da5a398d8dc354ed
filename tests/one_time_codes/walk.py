"""What the walk through the house must know of codes that are sent."""

from app.accounts import service as accounts
from app.extensions import db
from app.one_time_codes.models import CodeChannel
from tests.house.walk import USER, Known, Walk
from tests.one_time_codes.conftest import give_channel


def give(walk: Walk) -> None:
    """Let codes be mailed to the user, at a site that lets people in by them."""
    walk.app.config["MAILED_CODE_SIGN_IN"] = 1
    give_channel(walk.app, USER)


def channel_of_the_user() -> str:
    """Return a way that codes go to the user, again if somebody has stopped it."""
    user_id = accounts.get_user(USER).id
    if not db.session.scalar(db.select(CodeChannel.id).where(CodeChannel.user_id == user_id)):
        db.session.add(CodeChannel(user_id=user_id, channel="email"))
        db.session.commit()
    return "email"


KNOWN = Known(
    things={("one_time_codes", "channel"): channel_of_the_user},
    prepare=give,
)
