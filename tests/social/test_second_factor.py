"""A provider proves the first thing alone: whoever has a second factor gives it too."""

import pytest
from flask import Flask

from app.accounts import service
from app.extensions import db
from tests.conftest import PASSWORD
from tests.second_factor.doors import EACH_FACTOR, Giver, sessions
from tests.social.conftest import EMMY, Traveller

CHOOSE = "/login/second-factor"


@pytest.mark.asvs("6.3.4", "6.8.4")
@pytest.mark.parametrize("give", EACH_FACTOR)
@pytest.mark.parametrize("provider", ["google", "github"])
def test_a_provider_alone_is_refused(
    app: Flask, traveller: Traveller, provider: str, give: Giver
) -> None:
    with app.app_context():
        service.create(email=EMMY, name="Emmy", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = traveller.browser
    browser.sign_in(EMMY)
    traveller.link("emmy", provider)
    browser.sign_out()
    key, code = give(app, EMMY)
    before = sessions(app)
    assert traveller.go("emmy", provider).headers["Location"] == CHOOSE
    assert sessions(app) == before
    assert not browser.is_signed_in()
    browser.submit(f"{CHOOSE}/{key}/send", form=f"{CHOOSE}/{key}")  # a code, if it is of that kind
    assert browser.submit(f"{CHOOSE}/{key}", code=code()).status_code == 303
    assert sessions(app) == before + 1
    assert browser.is_signed_in()
