# file of feature: login
"""Every page that can be opened by its address alone, held against the rules for people.

Computed from the routes, so a page that a feature brings is looked at before anybody thinks of it.
"""

import pytest
from flask import Flask
from playwright.sync_api import Page

from app.accounts.models import User  # feature: roles
from app.core.access import STATIC_ENDPOINTS
from app.extensions import db  # feature: roles
from app.roles import service as roles  # feature: roles
from tests.browser.chromium import Witness, sign_up

pytestmark = pytest.mark.browser

NO_PAGES = STATIC_ENDPOINTS | {"site.live", "site.ready"}


def addresses(app: Flask) -> list[str]:
    """Return the addresses without a variable part that answer with a page."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    rules = [rule for rule in rules if not rule.rule.startswith("/api/")]  # feature: api
    return sorted(
        rule.rule for rule in rules if not rule.arguments and rule.endpoint not in NO_PAGES
    )


# feature: roles
def make_administrator(app: Flask) -> None:
    """Let the one account there is see every page."""
    with app.app_context():
        roles.grant(db.session.scalars(db.select(User)).one(), "admin")
        db.session.commit()


# endfeature
@pytest.mark.asvs("7.4.4")
def test_every_page_is_clear_to_everybody_and_fits_a_phone(
    app: Flask,
    page: Page,
    behind: Flask,  # feature: roles | one_time_codes
) -> None:
    behind.config["MAILED_CODE_SIGN_IN"] = 1  # feature: one_time_codes
    witness = Witness(page)
    for signed_in in (False, True):
        if signed_in:
            sign_up(page)
            make_administrator(behind)  # feature: roles
        seen = set()
        for path in addresses(app):
            page.goto(path)
            shown = page.url.partition("?")[0]
            if shown not in seen:  # many lead a stranger to the sign-in page
                witness.look_on_a_phone()
                way_out = page.locator("form[action='/logout'] button")
                assert (way_out.count() > 0) == signed_in, shown
            seen.add(shown)
        assert len(seen) > 3
    assert witness.complaints == []
