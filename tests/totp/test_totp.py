"""Authenticators, through the front door."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import personal_data
from app.accounts import service as accounts
from app.extensions import db
from app.totp import service
from app.totp.models import Authenticator
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.totp.conftest import (
    Phone,
    give_authenticator,
    read_picture,
    set_up_authenticator,
    wide,
)

ADA = "ada@example.com"
ADD = "/account/totp/add"
STEP = "/login/second-factor/totp"
NEW_KEY = "bmV3LWtleS1mb3ItdGVzdHMtbmV3LWtleS1mb3ItdC4="
Another = Callable[..., Browser]


def names(browser: Browser) -> list[str]:
    """Return what the page calls the authenticators."""
    return re.findall(r"<h2><bdi>(.+?)</bdi></h2>", browser.get("/account/totp").text)


def test_an_authenticator_is_asked_for_at_the_next_sign_in(
    signed_in: Browser, new_browser: Another, moving_clock: Clock
) -> None:
    phone = set_up_authenticator(signed_in)
    moving_clock.forward(minutes=1)
    browser = new_browser()
    assert browser.sign_in(ADA).headers["Location"] == "/login/second-factor"
    assert not browser.is_signed_in()
    assert browser.get("/login/second-factor").headers["Location"] == STEP
    assert "Phone" in browser.get(STEP).text
    assert browser.submit(STEP, code=phone.code()).headers["Location"] == "/"
    assert browser.is_signed_in()
    assert "Last used" in browser.get("/account/totp").text


def test_the_page_shows_a_picture_a_secret_and_a_link_that_say_the_same(signed_in: Browser) -> None:
    assert "qr-code" not in signed_in.get(ADD).text
    signed_in.submit(ADD, begin="1")
    page = signed_in.get(ADD)
    secret = read_picture(signed_in).secret
    assert re.search(
        r'<img class="qr-code" src="data:image/svg\+xml[^"]+" alt="[^"]{20,}"', page.text
    )
    assert f'href="otpauth://totp/Example%20House:ada%40example.com?secret={secret}' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_what_was_typed_wrongly_is_said_and_the_picture_stays(signed_in: Browser) -> None:
    signed_in.submit(ADD, begin="1")
    signed_in.get(ADD)
    phone = read_picture(signed_in)
    refused = signed_in.submit(ADD, code=phone.wrong_code(), name="Tablet")
    assert refused.status_code == 422
    assert "Is the clock of your phone right?" in refused.text
    assert 'value="Tablet"' in refused.text
    assert read_picture(signed_in).secret == phone.secret
    assert signed_in.submit(ADD, code=phone.code(), name="").status_code == 422
    assert signed_in.submit(ADD, code=phone.code(), name="Tablet").status_code == 303
    assert names(signed_in) == ["Tablet"]


def test_several_authenticators_have_names_and_each_opens(
    app: Flask, user: str, new_browser: Another
) -> None:
    phones = [give_authenticator(app, user, name) for name in ("Phone", "Key ring")]
    for phone in phones:
        browser = new_browser()
        browser.sign_in(user)
        browser.submit(STEP, code=phone.code())
        assert names(browser) == ["Phone", "Key ring"]


def test_an_authenticator_that_is_taken_away_opens_nothing(
    app: Flask, signed_in: Browser, new_browser: Another, mailbox: Mailbox
) -> None:
    lost, kept = (give_authenticator(app, ADA, name) for name in ("Lost", "Kept"))
    with app.app_context():
        gone = db.session.scalars(
            db.select(Authenticator.public_id).where(Authenticator.name == "Lost")
        ).one()
    signed_in.submit(f"/account/totp/{gone}/remove", form="/account/totp")
    assert names(signed_in) == ["Kept"]
    assert mailbox.mails(ADA)[-1][1].startswith("Authenticator app removed")
    browser = new_browser()
    browser.sign_in(ADA)
    assert browser.submit(STEP, code=lost.code()).status_code == 422
    assert browser.submit(STEP, code=kept.code()).status_code == 303


def test_eleven_authenticators_are_too_many(app: Flask, signed_in: Browser) -> None:
    for number in range(10):
        give_authenticator(app, ADA, f"Phone {number}")
    assert signed_in.submit(ADD, begin="1").status_code == 409


def test_a_code_is_taken_with_blanks_and_in_wide_digits(
    app: Flask, user: str, new_browser: Another, moving_clock: Clock
) -> None:
    phone = give_authenticator(app, user)
    for change in (lambda code: f" {code[:3]} {code[3:]} ", wide):
        browser = new_browser()
        browser.sign_in(user)
        assert browser.submit(STEP, code=change(phone.code())).status_code == 303
        moving_clock.forward(minutes=2)


@pytest.mark.asvs("6.5.5")
@pytest.mark.parametrize(("strict", "taken"), [("0", True), ("1", False)])
def test_the_code_of_a_moment_ago_is_taken_unless_the_site_is_strict(
    settings: dict[str, str], strict: str, taken: bool
) -> None:
    app = create_app({**settings, "TOTP_STRICT": strict})
    with app.app_context():
        db.create_all()
    give_user(app)
    phone, browser = give_authenticator(app, ADA), Browser(app)
    browser.sign_in(ADA)
    answer = browser.submit(STEP, code=phone.code(ahead=-1))
    assert (answer.status_code == 303) == taken


def give_user(app: Flask) -> None:
    """Let Ada have an account."""
    with app.app_context():
        accounts.create(email=ADA, name="Ada Lovelace", password=PASSWORD, confirmed=True)
        db.session.commit()


@pytest.fixture
def everybody_must(settings: dict[str, str]) -> None:
    """The site asks everybody for a second factor."""
    settings["SECOND_FACTOR"] = "all"


def test_whoever_must_have_a_factor_sets_it_up_on_the_way_in(
    everybody_must: None, app: Flask, user: str, browser: Browser
) -> None:
    assert browser.sign_in(user).headers["Location"] == "/login/second-factor"
    page = browser.get("/login/second-factor")
    assert "/login/second-factor/totp/enrol" in page.text
    phone = set_up_authenticator(browser, "/login/second-factor/totp/enrol")
    assert browser.is_signed_in()
    with app.app_context():
        [session] = db.session.execute(db.text("SELECT amr FROM login_session")).all()
    assert session.amr == "pwd otp"
    assert isinstance(phone, Phone)


def test_keys_are_rotated_and_every_code_still_opens(
    app: Flask, settings: dict[str, str], user: str
) -> None:
    phone = give_authenticator(app, user)
    old = settings["ENCRYPTION_KEYS"]
    rotating = create_app({**settings, "ENCRYPTION_KEYS": f"{NEW_KEY},{old}"})
    ran = rotating.test_cli_runner().invoke(args=["totp", "rotate-keys"])
    assert ran.output == "Authenticators under the first key now: 1.\n"
    renewed = create_app({**settings, "ENCRYPTION_KEYS": NEW_KEY})
    browser = Browser(renewed)
    browser.sign_in(user)
    assert browser.submit(STEP, code=phone.code()).status_code == 303
    again = app.test_cli_runner().invoke(args=["totp", "rotate-keys"])
    assert again.exit_code == 1
    assert again.output.startswith("Error: No key of ENCRYPTION_KEYS opens one of the secrets")


@pytest.fixture
def later(app: Flask, settings: dict[str, str]) -> Flask:
    """The same house after a restart with another key, and without the one before it."""
    return create_app({**settings, "ENCRYPTION_KEYS": NEW_KEY})


def test_an_authenticator_whose_key_was_dropped_opens_nothing_and_breaks_nothing(
    app: Flask, user: str, later: Flask
) -> None:
    phone = give_authenticator(app, user)
    with app.app_context():
        assert service.doctor() == []
    browser = Browser(later)
    browser.sign_in(user)
    assert browser.submit(STEP, code=phone.code()).status_code == 422
    other = give_authenticator(later, user, "Another")
    assert browser.submit(STEP, code=other.code()).status_code == 303
    with later.app_context():
        [fault] = service.doctor()
    assert "opens 1 authenticators" in fault


def test_a_set_up_whose_key_was_dropped_begins_again(signed_in: Browser, later: Flask) -> None:
    signed_in.submit(ADD, begin="1")
    browser = Browser(later)
    for name in ("session", "device"):
        browser.put_cookie(signed_in.cookie(name), name)
    assert "qr-code" not in browser.get(ADD).text
    phone = set_up_authenticator(browser)
    assert names(browser) == ["Phone"]
    assert isinstance(phone, Phone)


def test_the_export_names_authenticators_and_no_secret(app: Flask, signed_in: Browser) -> None:
    phone = give_authenticator(app, ADA, "Tablet")
    with app.app_context():
        copied = str(personal_data.export(accounts.get_user(ADA)))
    assert "Tablet" in copied
    assert phone.secret not in copied
