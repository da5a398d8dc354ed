"""The administration in a real browser: everything by clicking, looked at by axe."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.accounts import service as accounts
from app.accounts.models import User
from app.extensions import db
from app.roles import service as roles
from tests.admin.conftest import ADA, GRACE, give, make
from tests.browser.chromium import Witness, sign_up
from tests.conftest import PASSWORD

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
    page.goto("/")
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


def test_it_works_without_javascript(behind: Flask, chromium: Browser, address: str) -> None:
    make(behind, ADA, "Ada Lovelace")
    give(behind, ADA, "admin")
    make(behind, GRACE)
    page = chromium.new_context(base_url=address, java_script_enabled=False).new_page()
    page.goto("/login")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_role("link", name="Administration").click()
    page.get_by_role("link", name="Users", exact=True).click()
    page.get_by_role("link", name="Grace Hopper").click()
    page.get_by_role("button", name="Require a new password").press("Enter")
    expect(page.get_by_text("The password no longer works.")).to_be_visible()
    page.context.close()
