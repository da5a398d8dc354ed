"""When many come at once, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts import service as accounts_service
from app.accounts.models import User
from app.accounts.service import get_user
from app.core.principal import Principal
from app.extensions import db
from app.social import authorization, linking, service
from app.social.provider import Person
from app.social.providers import providers
from app.social.refusals import StateLost
from tests.conftest import PASSWORD
from tests.house.databases import AT_ONCE, at_once
from tests.social.conftest import EMMY, accounts, asked, identities, link_identity

pytestmark = pytest.mark.slow

EMMY_THERE = Person("google", "emmy", EMMY, "Emmy", EMMY)
DEVICE = "the-browser-of-the-tests"


def test_of_many_first_visits_one_makes_an_account(served: Flask) -> None:
    def come(_: int) -> int:
        with served.app_context():
            user_id = service.recognise(EMMY_THERE).id
            db.session.commit()
            return user_id

    assert len(set(at_once(come))) == 1
    assert accounts(served) == [EMMY]
    assert identities(served) == [("google", "emmy", EMMY)]


def test_who_makes_the_account_between_two_looks_is_no_stranger_to_it(served: Flask) -> None:
    """The second visit has looked for itself, in vain, and only then looks for the address."""

    def come() -> int:
        with served.app_context():
            user_id = service.recognise(EMMY_THERE).id
            db.session.commit()
            return user_id

    made: list[int] = []

    def come_between(*seen: object) -> None:
        if not made and "FROM social_identity" in str(seen[2]):
            made.append(0)
            with ThreadPoolExecutor(1) as other:
                made[0] = other.submit(come).result()

    with served.app_context():
        event.listen(db.engine, "after_cursor_execute", come_between)
    assert come() == made[0] > 0


def test_of_many_providers_that_name_one_new_address_one_makes_an_account(served: Flask) -> None:
    """The others are told that there is an account; nobody shares it."""

    def come(number: int) -> str:
        with served.app_context():
            try:
                service.recognise(Person("google", f"g-{number}", EMMY, "Emmy", EMMY))
            except service.AddressTaken:
                db.session.rollback()
                return "taken"
            db.session.commit()
            return "made"

    assert sorted(at_once(come)) == ["made"] + ["taken"] * (AT_ONCE - 1)
    assert accounts(served) == [EMMY]
    assert len(identities(served)) == 1


@pytest.mark.asvs("10.2.1")
def test_of_many_who_bring_one_state_one_is_let_on(served: Flask) -> None:
    with served.app_context():
        provider = providers()["github"]
        state = asked(authorization.begin(provider, DEVICE, "/"))["state"]
        db.session.commit()

    def bring(_: int) -> str:
        with served.app_context():
            try:
                authorization.take_up(providers()["github"], DEVICE, state)
            except StateLost:
                return "lost"
            db.session.commit()
            return "taken up"

    assert sorted(at_once(bring)) == ["lost"] * (AT_ONCE - 1) + ["taken up"]


def test_of_two_last_ways_in_one_stays_however_many_take_them(served: Flask) -> None:
    with served.app_context():
        accounts_service.create(email=EMMY, name="Emmy", password=None, confirmed=True)
        db.session.commit()
        user_id = get_user(EMMY).id
    link_identity(served, EMMY, "google", "emmy")
    link_identity(served, EMMY, "github", "101")

    def take(number: int) -> str:
        with served.app_context():
            try:
                linking.unlink(Principal(user_id=user_id), ("google", "github")[number % 2])
                db.session.commit()
            except (linking.LastWayIn, linking.NotLinked) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            return "unlinked"

    ends = at_once(take)
    assert ends.count("unlinked") == 1
    assert "LastWayIn" in ends
    assert len(identities(served)) == 1


def test_of_many_accounts_that_link_one_identity_one_gets_it(served: Flask) -> None:
    with served.app_context():
        password = accounts_service.hashing.hash_password(PASSWORD)
        users = [
            User(name=f"n{n}", email=f"n{n}@example.com", password_hash=password)
            for n in range(AT_ONCE)
        ]
        db.session.add_all(users)
        db.session.flush()
        ids = [user.id for user in users]
        for user_id in ids:
            linking.wait_for_link(EMMY_THERE, user_id, DEVICE)
        db.session.commit()

    def link(number: int) -> str:
        with served.app_context():
            try:
                linking.link(Principal(user_id=ids[number]), DEVICE)
                db.session.commit()
            except linking.LinkedElsewhere:
                db.session.rollback()
                return "elsewhere"
            return "linked"

    assert sorted(at_once(link)) == ["elsewhere"] * (AT_ONCE - 1) + ["linked"]
    assert len(identities(served)) == 1
