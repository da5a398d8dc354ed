"""What the walk through the house must know of second factors."""

from uuid import UUID

from app.core.factor import SECOND_FACTORS
from app.core.secrets import new_secret
from app.extensions import db
from app.login.attempt import Origin
from app.second_factor import trust
from app.second_factor.models import TrustedBrowser
from tests.house.planted import HOSTILE
from tests.house.walk import USER, Known, Walk, account
from tests.second_factor.word import Word, give_word


def prepare(walk: Walk) -> None:
    """Let the user have a factor, and a browser with a hostile name that is not asked for it."""
    give_word(walk.app, USER)
    walk.app.config["TRUSTED_BROWSER_DAYS"] = 30
    with walk.app.app_context():
        trust.remember(account(USER).id, Origin(user_agent=HOSTILE, device=new_secret()))
        db.session.commit()


def browser_of_the_user() -> UUID:
    """Return the browser that is not asked."""
    return db.session.scalars(db.select(TrustedBrowser.public_id)).one()


def word_of_the_user() -> str:
    """Return the key of a factor that the user has, again if somebody has taken it."""
    [word] = [kind for kind in SECOND_FACTORS if isinstance(kind, Word)]
    word.used[account(USER).id] = None
    return word.key


SENT: dict[str, dict[str, str]] = {}
SENT["second_factor_api.reauthenticate"] = {"code": "a guess"}  # feature: api

KNOWN = Known(
    things={
        ("second_factor", "public_id"): browser_of_the_user,
        ("second_factor", "factor"): word_of_the_user,
    },
    sent=SENT,
    prepare=prepare,
)
