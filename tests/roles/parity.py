# file of feature: api
"""Roles are shown on both faces, and changed on neither: that is for the administration."""

from app.accounts.service import get_user
from app.extensions import db
from app.roles import service
from tests.house.parity import ADA, Scene, UseCase


def two_roles(scene: Scene) -> None:
    """Ada has a role for now, and one for good."""
    with scene.app.app_context():
        service.create_role("editor")
        service.grant(get_user(ADA), "editor")
        service.grant(get_user(ADA), "admin")
        db.session.commit()


CASES = [
    UseCase(
        "see one's roles",
        covers="GET /me/roles",
        ends="done",
        page=lambda scene: scene.browser.get("/account"),
        program=lambda scene: scene.program.get("/me/roles"),
        signed_in=True,
        prepare=two_roles,
        seen_on_page=lambda page: "admin, editor" in page.text,
        seen_by_program=lambda answer: answer.get_json()["roles"] == ["admin", "editor"],
    ),
]
