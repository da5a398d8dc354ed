# file of feature: api
"""Coming in, proving presence and leaving, on both faces."""

from app.core.throttle import FREE_TRIES
from tests.conftest import PASSWORD, Browser
from tests.house.parity import ADA, GRACE, WRONG_PASSWORD, Scene, both, form, later

FROM_ONE_ADDRESS = 10  # tries a minute

PROGRAMS_ALONE = {
    "POST /auth/refresh": "a page has a cookie, which is not refreshed",
    "POST /auth/logout-all": "its page is shown by another feature",
}


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


def guessed_at(scene: Scene) -> None:
    """A stranger has guessed at Ada's account."""
    stranger = Browser(scene.app)
    for _ in range(FREE_TRIES):
        stranger.sign_in(ADA, WRONG_PASSWORD)
    scene.forget_addresses()


def guessed_at_inside(scene: Scene) -> None:
    """Somebody has guessed at Ada's password in a session that was left open."""
    thief = scene.another_browser()
    for _ in range(FREE_TRIES):
        thief.submit("/reauthenticate", password=WRONG_PASSWORD)
    scene.forget_addresses()


def guessed_from_here(scene: Scene) -> None:
    """Somebody at this address has tried many accounts, which is counted for both faces."""
    for n in range(FROM_ONE_ADDRESS):
        Browser(scene.app).sign_in(f"nobody{n}@example.com", WRONG_PASSWORD)


sign_in = both(
    "sign in",
    "POST /auth/token",
    signed_in=False,
    page=form("/login", remember="y"),
    email=ADA,
    password=PASSWORD,
)
prove_presence = both(
    "prove presence", "POST /auth/reauthenticate", page=form("/reauthenticate"), password=PASSWORD
)

CASES = [
    sign_in("with the right password"),
    sign_in("with the address in another spelling", email="ADA@Example.com"),
    sign_in("with a wrong password", "refused: password", password=WRONG_PASSWORD),
    sign_in("with an address that has no account", "refused: password", email="nobody@example.com"),
    sign_in("with what is no address", "refused: email", email="not-an-address"),
    sign_in("before the address was confirmed", "refused: password", unconfirmed, email=GRACE),
    sign_in("to an account that is switched off", "refused: password", switched_off),
    sign_in("to an account that is guessed at", "wait", guessed_at),
    sign_in("after the wait", "done", guessed_at, also=later),
    sign_in("from where too many were tried", "wait", guessed_from_here),
    prove_presence("with the right password"),
    prove_presence("when the last proof is old", "done", later),
    prove_presence("with a wrong password", "refused: password", password=WRONG_PASSWORD),
    prove_presence("while it is guessed at", "wait", guessed_at_inside),
    prove_presence("in a session that was ended", "who are you", ended, opened="/login"),
    both("sign out", "POST /auth/logout", page=form("/logout", "/")),
]
