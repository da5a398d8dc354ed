"""People who administer, each with what their roles allow."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from app.roles import service as roles
from tests.conftest import (
    PASSWORD,
    Browser,
    Program,  # feature: api
)

ADA, GRACE = "ada@example.com", "grace@example.com"


def make(app: Flask, email: str, name: str = "Grace Hopper") -> None:
    """Make a confirmed account with the usual password."""
    with app.app_context():
        accounts.create(email=email, name=name, password=PASSWORD, confirmed=True)
        db.session.commit()


def make_role(app: Flask, role: str, *permissions: str) -> None:
    """Make a role that nobody has."""
    with app.app_context():
        roles.create_role(role, permissions)
        db.session.commit()


def give(app: Flask, email: str, role: str, *permissions: str) -> None:
    """Give somebody a role; one that is not there is made with these permissions."""
    if role not in allowed(app):
        make_role(app, role, *permissions)
    with app.app_context():
        roles.grant(accounts.get_user(email), role)
        db.session.commit()


def allowed(app: Flask) -> dict[str, tuple[str, ...]]:
    """Return what each role allows."""
    with app.app_context():
        return {line.name: line.permissions for line in roles.list_roles()}


@pytest.fixture
def administrator(app: Flask, signed_in: Browser) -> Browser:
    """Ada, who may do everything, at her browser."""
    give(app, ADA, "admin")
    return signed_in


@pytest.fixture
def helper(app: Flask, new_browser: Callable[..., Browser]) -> Callable[..., Browser]:
    """Somebody at a browser who may do what is named and nothing else."""

    def sign_in(*permissions: str) -> Browser:
        make(app, GRACE)
        give(app, GRACE, "helper", *permissions)
        browser = new_browser("198.51.100.4")
        assert browser.sign_in(GRACE).status_code == 303
        return browser

    return sign_in


# feature: api
@pytest.fixture
def admin_program(app: Flask, signed_in_program: Program) -> Program:
    """A program of somebody who may do everything."""
    give(app, ADA, "admin")
    return signed_in_program


@pytest.fixture
def helper_program(app: Flask, new_program: Callable[..., Program]) -> Callable[..., Program]:
    """A program of somebody who may do what is named and nothing else."""

    def sign_in(*permissions: str) -> Program:
        make(app, GRACE)
        give(app, GRACE, "helper", *permissions)
        program = new_program("198.51.100.4")
        assert program.sign_in(GRACE).status_code == 200
        return program

    return sign_in


# endfeature
