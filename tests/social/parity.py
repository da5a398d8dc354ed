# file of feature: api
"""Linked identities, seen and unlinked on both faces."""

from app.accounts.service import get_user
from tests.house.parity import ADA, GRACE, Scene, both, form, items, later, nothing, texts, visit
from tests.social.conftest import link_identity

PAGE = "/account/social"


def linked(scene: Scene) -> None:
    """Somebody at GitHub opens Ada's account."""
    link_identity(scene.app, ADA)


def graces(scene: Scene) -> None:
    """Somebody at GitHub opens another account."""
    scene.account(GRACE)
    link_identity(scene.app, GRACE)


def only_way(scene: Scene) -> None:
    """Nothing else opens Ada's account."""
    linked(scene)
    with scene.saving():
        get_user(ADA).password_hash = None


unlink = both(
    "unlink a provider",
    "DELETE /me/social/github",
    prepare=linked,
    page=form(f"{PAGE}/github/unlink", PAGE),
)

CASES = [
    both(
        "linked providers: one",
        "GET /me/social",
        page=visit(PAGE),
        prepare=linked,
        seen=(texts(r"<h2>([^<]+)</h2>\s*<p>As <bdi>(.+?)</bdi>"), items("label", "account_name")),
    ),
    unlink("one's own"),
    unlink("that opens another account", "not found", graces),
    unlink("that is not linked", "not found", nothing),
    unlink("the last way in", "409", only_way),
    unlink("without fresh proof", "prove presence", also=later),
]
