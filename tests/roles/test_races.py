"""Administrators who remove each other at the same moment, on SQLite and PostgreSQL."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import personal_data
from app.accounts import service as accounts
from app.extensions import db
from app.roles import service
from tests.house.databases import AT_ONCE, at_once

pytestmark = pytest.mark.slow


def revoke(n: int) -> None:
    service.revoke(accounts.get_user(f"n{n}@example.com"), "admin")


def deactivate(n: int) -> None:
    accounts.deactivate(accounts.get_user(f"n{n}@example.com"))


def erase(n: int) -> None:
    personal_data.erase(accounts.get_user(f"n{n}@example.com"))


def any_way(n: int) -> None:
    (revoke, deactivate, erase)[n % 3](n)


@pytest.mark.asvs("2.3.4", "15.4.2")
@pytest.mark.parametrize("leave", [revoke, deactivate, erase, any_way])
def test_of_many_administrators_who_leave_at_once_one_is_left(
    served: Flask, leave: Callable[[int], None]
) -> None:
    with served.app_context():
        for n in range(AT_ONCE):
            email = f"n{n}@example.com"
            user = accounts.create(email=email, name=f"n{n}", password=None, confirmed=True)
            service.grant(user, "admin")
        db.session.commit()

    def go(n: int) -> bool:
        with served.app_context():
            try:
                leave(n)
            except accounts.StillNeeded:
                return False
            db.session.commit()
            return True

    assert sorted(at_once(go)) == [False] + [True] * (AT_ONCE - 1)
    with served.app_context():
        assert len([user for user in service.holders("admin") if user.is_active]) == 1


def test_of_many_who_give_a_role_at_once_one_gives_it(served: Flask) -> None:
    with served.app_context():
        accounts.create(email="a@example.com", name="a", password=None, confirmed=True)
        db.session.commit()

    def go(_: int) -> bool:
        with served.app_context():
            is_new = service.grant(accounts.get_user("a@example.com"), "admin")
            db.session.commit()
            return is_new

    assert sum(at_once(go)) == 1
