# file of feature: api
"""Roles are shown on both faces, and changed on neither: that is for the administration."""

from app.accounts.service import get_user
from app.roles import service
from tests.house.parity import ADA, Scene, both, visit


def two_roles(scene: Scene) -> None:
    """Ada has a role for now, and one for good."""
    with scene.saving():
        service.create_role("editor")
        service.grant(get_user(ADA), "editor")
        service.grant(get_user(ADA), "admin")


CASES = [
    both(
        "see one's roles",
        "GET /me/roles",
        page=visit("/account"),
        prepare=two_roles,
        seen=(
            lambda page: "admin, editor" in page.text,
            lambda answer: answer.get_json()["roles"] == ["admin", "editor"],
        ),
    ),
]
