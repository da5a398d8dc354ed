# file of feature: api
"""Recovery codes, seen and renewed on both faces."""

import re

from app.accounts import service as accounts
from app.recovery_codes import service
from tests.house.parity import ADA, Scene, both, form, later, visit
from tests.recovery_codes.conftest import give_both

CODES = "/account/recovery-codes"


def has_both(scene: Scene) -> None:
    """Ada has an authenticator and codes."""
    give_both(scene.app, ADA)


def has_fresh(scene: Scene) -> None:
    """Her codes were made a moment ago."""
    has_both(scene)
    with scene.saving():
        service.make(accounts.get_user(ADA).id)


see = both(
    "recovery codes",
    "GET /me/recovery-codes",
    page=visit(CODES),
    prepare=has_both,
    seen=(
        lambda page: len(re.findall(r"<li><code>", page.text)),
        lambda answer: len(answer.get_json().get("codes", ())),
    ),
    seen_if_refused=True,
)
renew, saved = (
    both(
        f"recovery codes, {button}",
        f"POST /me/recovery-codes/{button}",
        page=form(f"{CODES}/{button}", "/reauthenticate"),
    )
    for button in ("renew", "saved")
)

CASES = [
    see("made a moment ago", "done", has_fresh),
    see("made long ago"),
    see("without fresh proof", "prove presence", also=later),
    renew("others", "done", has_both),
    renew("for no factor", "409"),
    renew("without fresh proof", "prove presence", has_both, also=later),
    saved("shown no more", "done", has_fresh),
]
