"""The administration in a real browser: everything by clicking, looked at by axe."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.accounts.models import User
from app.extensions import db
from app.roles import service as roles
from tests.browser.chromium import Witness, sign_up

pytestmark = pytest.mark.browser


def test_an_account_is_found_given_a_role_and_switched_off(behind: Flask, page: Page) -> None:
    witness = Witness(page)
    sign_up(page)
    with behind.app_context():
        (first,) = db.session.scalars(db.select(User)).all()
        roles.grant(first, "admin")
        accounts.create(
            email="grace@example.com", name="Grace Hopper", password=None, confirmed=True
        )
        db.session.commit()
    page.goto("/account")
    page.get_by_role("link", name="Administration").click()
    witness.look()
    page.get_by_role("link", name="Users", exact=True).click()
    page.get_by_label("Address or name begins with").fill("grace")
    page.get_by_role("button", name="Search").click()
    witness.look()
    page.get_by_role("link", name="Grace Hopper").click()
    witness.look()
    page.get_by_role("button", name="Give role").click()
    expect(page.get_by_text("The account has the role admin.")).to_be_visible()
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("The account is switched off")).to_be_visible()
    expect(page.get_by_text("Account switched off")).to_be_visible()
    witness.look_on_a_phone()
    assert witness.complaints == []
