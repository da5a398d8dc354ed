"""The browser's side of the door: the row becomes a cookie here, and nowhere else."""

from flask import current_app, flash, g, make_response, redirect, request, session, url_for
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.core.current import find_principal
from app.core.principal import Principal
from app.core.redirects import safe_next
from app.core.secrets import new_secret
from app.extensions import db
from app.login import recognition, service
from app.login.attempt import Attempt, Origin
from app.login.manager import login_manager

DEVICE_SECONDS = 365 * 24 * 3600
PENDING = "attempt"
METHOD = "session"
SECRET = "_user_id"  # noqa: S105 - where Flask-Login keeps what get_id() returned

# Flask-Login would mark a session by address and agent; ours is a row with its own times.
login_manager.session_protection = None


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(secret: str) -> User | None:
    """Return the account for `current_user`, if a view or a page asks for it."""
    principal = find_principal()
    if principal.method != METHOD:
        return None
    user = db.session.get_one(User, principal.user_id)
    user.speak_for_session(secret)
    return user


def authenticate() -> Principal | None:
    """Return the principal of a browser's session cookie."""
    secret = session.get(SECRET)
    found = recognition.find_session(secret) if secret else None
    if found is None:
        return None
    recognition.touch(found)
    return found.principal(METHOD)


def origin() -> Origin:
    """Return where this request comes from, naming the browser if it has no name yet."""
    if "device" not in g:
        g.device = request.cookies.get(_device_cookie()) or new_secret()
    return Origin(request.remote_addr or "", request.user_agent.string, g.device)


def arrive(user: User, *, amr: tuple[str, ...], next_page: str = "/") -> Response:
    """Take somebody who has proved who they are to the door, and on to their page."""
    try:
        outcome = service.complete(Attempt(user, amr, origin(), next=next_page))
    except service.SignInRefused:  # switched off a moment ago; what was proved stays proved
        db.session.commit()
        return redirect(url_for("login.sign_in"), 303)
    return answer(outcome, next_page)


def answer(outcome: service.SignedIn | service.StepNeeded, next_page: str) -> Response:
    """Turn what the door said into a cookie and a redirect; commits.

    303, so that no browser sends the password again to the next page (RFC 9700, 4.12).
    """
    if isinstance(outcome, service.StepNeeded):
        db.session.commit()
        if outcome.secret is not None:
            session[PENDING] = outcome.secret
        return redirect(url_for(outcome.step.endpoint), 303)
    response = make_response(redirect(safe_next(next_page), 303))
    _open(outcome)
    db.session.commit()
    remember_device(response)
    return response


def _open(outcome: service.SignedIn) -> None:
    """Make the cookie name the new session, and nothing that was there before.

    What a stranger planted in the cookie beforehand must not live on in the session of the
    person who signs in (session fixation), and a session that was open in this browser ends.
    """
    service.sign_out(find_principal())
    messages = session.get("_flashes")
    session.clear()
    if messages:
        session["_flashes"] = messages
    login_session = outcome.login_session
    user = db.session.get_one(User, login_session.user_id)
    user.speak_for_session(outcome.secret)
    session.permanent = login_session.idle_seconds > service.ORDINARY[0].total_seconds()
    login_user(user)
    g.pop("principal", None)


def leave(endpoint: str, farewell: str) -> Response:
    """Empty the cookie and send the browser on; the row has been ended by the service.

    Args:
        endpoint: of the page to go to.
        farewell: what that page says.
    """
    logout_user()
    session.clear()
    g.pop("principal", None)
    flash(farewell, "success")
    answer = make_response(redirect(url_for(endpoint), 303))
    answer.headers["Clear-Site-Data"] = '"cache"'  # ASVS 5.0.0, 14.3.1
    return answer


def renew(secret: str) -> None:
    """Put the session's new secret into the cookie."""
    session[SECRET] = secret


def _device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def remember_device(response: Response) -> None:
    """Let this browser be known again; it opens nothing, it only spares its owner a wait."""
    response.set_cookie(
        _device_cookie(),
        origin().device,
        max_age=DEVICE_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
