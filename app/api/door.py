"""A program's side of the door: the row becomes a pair of tokens here, and nowhere else."""

from dataclasses import asdict
from typing import Any

from flask import Response, request

from app.accounts.models import User
from app.api.points import find_api_step
from app.api.problems import Refusal, challenge, problem
from app.api.refresh_tokens import NotAProgramsSession, first_pair
from app.core.secrets import new_secret
from app.core.tokens import TokenRefused
from app.extensions import db
from app.login import attempt as attempts
from app.login import service
from app.login.attempt import PROGRAM, Attempt, Origin

SIGN_IN_REFUSED = Refusal(
    service.SignInRefused,
    401,
    "sign_in_refused",
    # One sentence for every reason; said apart, they would tell who has an account here.
    "This address and password do not open an account. "
    "If you have just registered, confirm your address first.",
)
ATTEMPT_REFUSED = Refusal(
    TokenRefused, 401, "attempt_refused", "This sign-in is over or was never begun. Begin again."
)
NOT_A_PROGRAMS_SESSION = Refusal(
    NotAProgramsSession,
    403,
    "session_of_a_page",
    "This token was lent to a page, whose session cannot be renewed here. Use the page for it.",
)


def origin(device: str | None) -> Origin:
    """Return where this request comes from, naming the program if it has no name yet.

    Args:
        device: what an earlier answer of the door said; programs keep it as browsers keep a
            cookie. It opens nothing. It spares its owner a wait, and a mail about a new device.
    """
    return Origin(
        request.remote_addr or "", request.user_agent.string, device or new_secret(), PROGRAM
    )


def arrive(user: User, *, amr: tuple[str, ...], device: str | None) -> dict[str, Any] | Response:
    """Take somebody who has proved who they are to the door."""
    return go_on(Attempt(user, amr, origin(device), remember=True))


def resume(secret: str, device: str | None) -> Attempt:
    """Return the attempt that waits for its next step.

    Raises:
        TokenRefused: it is unknown, finished, too old, or a browser's.
    """
    return attempts.resume(secret, origin(device))


def go_on(attempt: Attempt, secret: str = "") -> dict[str, Any] | Response:
    """Go to the door with an attempt, and answer what it says.

    Args:
        attempt: somebody on the way.
        secret: names the attempt, if a step of it has been waited for.

    Raises:
        SignInRefused: the account was switched off on the way.
        TokenRefused: the attempt was finished by somebody else.
    """
    try:
        outcome = service.complete(attempt)
    except service.SignInRefused:
        db.session.commit()  # a refusal is a result too; what was proved stays proved
        raise
    return answer(outcome, attempt.origin, secret)


def answer(
    outcome: service.SignedIn | service.StepNeeded, origin: Origin, secret: str = ""
) -> dict[str, Any] | Response:
    """Turn what the door said into tokens, or into what is still to be done; commits."""
    if isinstance(outcome, service.SignedIn):
        pair = first_pair(outcome)
        db.session.commit()
        return {**asdict(pair), "device": origin.device}
    db.session.commit()
    step = find_api_step(outcome.step.key)
    facts = step.describe(outcome.attempt) if step else None
    return step_needed(outcome.step.key, outcome.secret or secret, facts)


def step_needed(key: str, secret: str, facts: dict[str, Any] | None) -> Response:
    """Return the problem of somebody who has to do something before the door opens.

    Args:
        key: names the step that is to be done.
        secret: names the sign-in that waits.
        facts: what the step says of itself; None if it takes a browser.
    """
    if facts is None:
        detail = "Something is to be done that takes a browser. Sign in on the site once."
        return problem(403, "browser_required", detail, step=key)
    return problem(
        401,
        f"{key}_required",
        "Your password is right. Something is still to be done before you are signed in.",
        headers={"WWW-Authenticate": challenge()},
        step=key,
        attempt=secret,
        **facts,
    )
