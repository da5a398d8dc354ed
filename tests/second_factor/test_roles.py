"""A second factor that is demanded of some roles."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import service as accounts
from app.core.settings import SettingsRefused
from app.extensions import db
from app.roles import service as roles
from tests.conftest import Browser

CHOOSE = "/login/second-factor"


def test_some_roles_must_have_one(
    app: Flask, user: str, new_browser: Callable[..., Browser]
) -> None:
    app.config["SECOND_FACTOR"] = "roles:editor, admin"
    assert new_browser().sign_in(user).headers["Location"] == "/"
    with app.app_context():
        roles.grant(accounts.get_user(user), "admin")
        db.session.commit()
    assert new_browser().sign_in(user).headers["Location"] == CHOOSE


def test_a_word_that_no_feature_knows_is_refused_with_those_that_are_known(
    settings: dict[str, str],
) -> None:
    with pytest.raises(
        SettingsRefused, match="write one of these: optional, all, roles: and names"
    ):
        create_app({**settings, "SECOND_FACTOR": "groups:staff"})
