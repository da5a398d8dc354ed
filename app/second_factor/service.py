"""The use cases: who is asked for a second factor, what counts as one, and what it opens."""

from flask import (
    current_app,
)

from app.accounts.models import User
from app.accounts.points import AccountLine
from app.core import throttle
from app.core.factor import (
    SECOND_FACTORS,
    CodeRefused,
    Delivery,
    Held,
    NoSuchFactor,
    SecondFactor,
)
from app.core.principal import Principal
from app.extensions import db
from app.login import events as login_events
from app.login import service as login
from app.login.attempt import Attempt
from app.login.points import LoginStep
from app.login.service import SessionEnded
from app.second_factor import events, trust
from app.second_factor.points import DEMANDS
from app.second_factor.settings import ALL, OPTIONAL, names_in, word_of

KEY = "second_factor"


def held_by(user_id: int) -> list[Held]:
    """Return what an account can prove: the last used first, what stands in for others last.

    What stands in for nothing is nothing: a saved code alone is no second factor.
    """
    found = [held for kind in SECOND_FACTORS if (held := kind.find(user_id))]
    if all(held.factor.is_backup for held in found):
        return []
    found.sort(key=lambda held: held.used_at.timestamp() if held.used_at else 0, reverse=True)
    return sorted(found, key=lambda held: held.factor.is_backup)


def has_factor(user_id: int) -> bool:
    """Tell whether an account has a factor that stands by itself."""
    return any(kind.find(user_id) for kind in kinds())


def get_held(user_id: int, key: str) -> Held:
    """Return a factor that an account can use now.

    Raises:
        NoSuchFactor: it has none of this kind.
    """
    return pick(held_by(user_id), key)[0]


def pick(found: list[Held], key: str) -> tuple[Held, list[Held]]:
    """Return the factor of a kind, and the others.

    Raises:
        NoSuchFactor: there is none of this kind.
    """
    for held in found:
        if held.factor.key == key:
            return held, [one for one in found if one is not held]
    raise NoSuchFactor


def is_asked(attempt: Attempt) -> bool:
    """Tell whether somebody on the way in must give a second factor, or set one up first."""
    if not has_factor(attempt.user.id):
        return must_have_one(attempt.user.id)
    return not trust.is_trusted(attempt.user.id, attempt.origin.device)


def must_have_one(user_id: int) -> bool:
    """Tell whether this site asks an account for a second factor in any case."""
    demanded = current_app.config["SECOND_FACTOR"]
    names = names_in(demanded)
    return bool(demanded == ALL) or any(
        demand.includes(user_id, names) for demand in DEMANDS if demand.word == word_of(demanded)
    )


def kinds() -> list[SecondFactor]:
    """Return the kinds that stand by themselves, in the order of FEATURES."""
    return [kind for kind in SECOND_FACTORS if not kind.is_backup]


def enrolable() -> list[SecondFactor]:
    """Return the kinds that can be set up on the way in."""
    return [kind for kind in SECOND_FACTORS if kind.enrol]


def check_may_enrol(attempt: Attempt) -> None:
    """Hold that somebody on the way in has to set up their first factor, and nothing else.

    Whoever has one must give it: a thief with the password must not add one of their own.

    Raises:
        NoSuchFactor: they have one, or need none.
    """
    if KEY in attempt.steps_done or has_factor(attempt.user.id):
        raise NoSuchFactor
    if not must_have_one(attempt.user.id):
        raise NoSuchFactor


def prove(user: User, key: str, code: str, transaction: str, *, at_sign_in: bool) -> SecondFactor:
    """Use a code up, and return the kind it is of.

    Tries are counted for the account, whichever factor, sign-in, browser and address they come
    by, and before they are looked at. A new sign-in must not bring new tries (NIST SP 800-63B-4,
    3.2.2). Whoever gets here knows the first proof, so strangers cannot keep the owner waiting.

    Args:
        user: whose factor.
        key: of the kind.
        code: as it was typed.
        transaction: what the code must be for.
        at_sign_in: whether somebody is on the way in, and not there already.

    Raises:
        NoSuchFactor: the account has none of this kind.
        CodeRefused: it is wrong, used, too old, or of something else.
        TooManyAttempts: there were too many wrong ones.
    """
    kind = get_held(user.id, key).factor
    wait = throttle.count_try(KEY, user.public_id)
    try:
        kind.verify(user.id, code, transaction)
    except CodeRefused:
        events.SecondFactorRefused(
            user_id=user.id, factor=kind.key, factor_label=kind.label, at_sign_in=at_sign_in
        ).send()
        if wait:
            login_events.GuessingSlowed(user_id=user.id, seconds=wait).send()
        raise
    throttle.forget(KEY, user.public_id)
    return kind


def pass_step(attempt: Attempt, key: str, code: str, *, trust_browser: bool = False) -> None:
    """Let somebody on the way in pass with a code, and not be asked here again if they wish.

    Raises:
        NoSuchFactor, CodeRefused, TooManyAttempts: as ``prove``.
    """
    kind = prove(attempt.user, key, code, sign_in_of(attempt), at_sign_in=True)
    attempt.pass_step(KEY, kind.amr)
    if trust_browser and not kind.is_backup:
        trust.remember(attempt.user.id, attempt.origin)


def pass_by_setting_up(attempt: Attempt, amr: str) -> None:
    """Let somebody pass who has just set up their first factor: that took a code of it."""
    attempt.pass_step(KEY, amr)


def sign_in_of(attempt: Attempt) -> str:
    """Return what a code for this sign-in is bound to.

    Not by the number of its row: SQLite gives the number of one that is gone to the next, which
    would take the code of a sign-in that was dropped.
    """
    return f"sign-in {attempt.token.secret_hash[:32] if attempt.token else ''}"


def presence_of(principal: Principal) -> str:
    """Return what a code for this proof of presence is bound to.

    Raises:
        SessionEnded: there is no session to prove presence in.
    """
    if principal.login_session_id is None:
        raise SessionEnded
    return f"presence {principal.login_session_id}"


def send(user_id: int, key: str, transaction: str) -> Delivery:
    """Make a code of a kind that is sent, and return what sends it.

    Raises:
        NoSuchFactor: the account has none of this kind.
        CodeNotSent: none goes out now.
        TooManyAttempts: too many went out.
    """
    return get_held(user_id, key).factor.send(user_id, transaction)


def reauthenticate(principal: Principal, key: str, code: str) -> str:
    """Prove presence again by a code, and return the session's new secret.

    Raises:
        NoSuchFactor, CodeRefused, TooManyAttempts: as ``prove``.
        SessionEnded: the session ended meanwhile.
    """
    transaction = presence_of(principal)
    user = db.session.get_one(User, principal.user_id)
    prove(user, key, code, transaction, at_sign_in=False)
    secret = login.renew(principal.login_session_id or 0)
    login_events.Reauthenticated(
        user_id=user.id, login_session_id=principal.login_session_id
    ).send()
    return secret


def account_lines(principal: Principal) -> list[AccountLine]:
    """Say on the account page what is asked for besides the first proof, and what to improve."""
    held = held_by(principal.account_id)
    if held:
        state = ". ".join(f"{one.factor.label}: {one.words}" for one in held)
        return [AccountLine("Second factor", state, "second_factor.index", "See and change")]
    state = "None. With one, a stolen password opens nothing"
    return [AccountLine("Second factor", state, "second_factor.index", "Set one up")]


def erase(user_id: int) -> None:
    """Remove what no foreign key would: the count of tries."""
    throttle.forget(KEY, db.session.get_one(User, user_id).public_id)


def doctor() -> list[str]:
    """Find what is asked for and cannot be given."""
    if current_app.config["SECOND_FACTOR"] == OPTIONAL or enrolable():
        return []
    fault = (
        "SECOND_FACTOR asks for a factor, and no feature brings one that can be set up: add such a "
        "feature, or set SECOND_FACTOR=optional."
    )
    return [fault]


STEP = LoginStep(
    KEY,
    is_asked,
    "second_factor.choose",
)
