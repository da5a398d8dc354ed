# file of feature: api
"""Coming in, proving presence and leaving, on both faces."""

from collections.abc import Callable

from app.core.throttle import FREE_TRIES
from app.extensions import limiter
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, Scene, UseCase, nothing

WRONG = "not-the-password-of-anybody"
FROM_ONE_ADDRESS = 10  # tries a minute
PRESENCE = "/auth/reauthenticate"
Preparation = Callable[[Scene], object]

PROGRAMS_ALONE = {
    "POST /auth/refresh": "a page has a cookie, which is not refreshed",
    "POST /auth/logout-all": "its page is shown by another feature",
}


def sign_in(
    name: str,
    ends: str,
    email: str = ADA,
    password: str = PASSWORD,
    prepare: Preparation = nothing,
) -> UseCase:
    """Return somebody's coming to the door."""
    return UseCase(
        f"sign in: {name}",
        covers="POST /auth/token",
        ends=ends,
        page=lambda scene: scene.browser.sign_in(email, password, remember="y"),
        program=lambda scene: scene.program.sign_in(email, password),
        prepare=prepare,
    )


def prove_presence(
    name: str,
    ends: str,
    password: str = PASSWORD,
    prepare: Preparation = nothing,
    form: str = "/reauthenticate",
) -> UseCase:
    """Return a proof of presence, from a page with a form."""
    return UseCase(
        f"prove presence: {name}",
        covers=f"POST {PRESENCE}",
        ends=ends,
        page=lambda scene: scene.browser.submit("/reauthenticate", form, password=password),
        program=lambda scene: scene.program.post(PRESENCE, {"password": password}),
        signed_in=True,
        prepare=prepare,
    )


def unconfirmed(scene: Scene) -> None:
    """Grace has registered and has not followed the link."""
    scene.account(GRACE, confirmed=False)


def switched_off(scene: Scene) -> None:
    """Ada's account is switched off."""
    scene.run("accounts", "deactivate", ADA)


def ended(scene: Scene) -> None:
    """Ada's session was ended from elsewhere."""
    switched_off(scene)
    scene.run("accounts", "activate", ADA)


def later(scene: Scene) -> None:
    """The proof of presence is old, but an access token is still good."""
    scene.clock.forward(minutes=14)


def guessed_at(scene: Scene) -> None:
    """A stranger has guessed at Ada's account."""
    stranger = Browser(scene.app)
    for _ in range(FREE_TRIES):
        stranger.sign_in(ADA, WRONG)
    forget_addresses(scene)


def guessed_at_inside(scene: Scene) -> None:
    """Somebody has guessed at Ada's password in a session that was left open."""
    thief = Browser(scene.app)
    thief.sign_in(ADA)
    for _ in range(FREE_TRIES):
        thief.submit("/reauthenticate", password=WRONG)
    forget_addresses(scene)


def forget_addresses(scene: Scene) -> None:
    """Count no tries by address, so that the count by account is what refuses."""
    with scene.app.app_context():
        limiter.reset()


def guessed_from_here(scene: Scene) -> None:
    """Somebody at this address has tried many accounts, which is counted for both faces."""
    for n in range(FROM_ONE_ADDRESS):
        Browser(scene.app).sign_in(f"nobody{n}@example.com", WRONG)


def waited_for(scene: Scene) -> None:
    """Ada's account was guessed at, and the wait is over."""
    guessed_at(scene)
    later(scene)


CASES = [
    sign_in("with the right password", "done"),
    sign_in("with the address in another spelling", "done", "ADA@Example.com"),
    sign_in("with a wrong password", "refused: password", password=WRONG),
    sign_in("with an address that has no account", "refused: password", "nobody@example.com"),
    sign_in("with what is no address", "refused: email", "not-an-address"),
    sign_in("before the address was confirmed", "refused: password", GRACE, prepare=unconfirmed),
    sign_in("to an account that is switched off", "refused: password", prepare=switched_off),
    sign_in("to an account that is guessed at", "wait", prepare=guessed_at),
    sign_in("after the wait", "done", prepare=waited_for),
    sign_in("from where too many were tried", "wait", prepare=guessed_from_here),
    prove_presence("with the right password", "done"),
    prove_presence("when the last proof is old", "done", prepare=later),
    prove_presence("with a wrong password", "refused: password", WRONG),
    prove_presence("while it is guessed at", "wait", prepare=guessed_at_inside),
    prove_presence("in a session that was ended", "who are you", prepare=ended, form="/login"),
    UseCase(
        "sign out",
        covers="POST /auth/logout",
        ends="done",
        page=lambda scene: scene.browser.sign_out(),
        program=lambda scene: scene.program.post("/auth/logout"),
        signed_in=True,
    ),
]
