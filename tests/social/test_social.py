"""What the providers bring: sign in, link, unlink."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.accounts import service as accounts_service
from app.accounts.models import User
from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.social.conftest import (
    ADA,
    EMMY,
    Traveller,
    accounts,
    asked,
    heading,
    identities,
    link_identity,
)

BRANDS = {"google": "emmy", "github": "101"}


@pytest.mark.parametrize(("provider", "subject"), BRANDS.items())
def test_somebody_new_gets_an_account(
    app: Flask, traveller: Traveller, mailbox: Mailbox, provider: str, subject: str
) -> None:
    came = traveller.go("emmy", provider)
    assert (came.status_code, came.headers["Location"]) == (303, "/")
    assert traveller.browser.is_signed_in()
    assert identities(app) == [(provider, subject, EMMY)]
    with app.app_context():
        user = accounts_service.get_user(EMMY)
        assert (user.name, user.password_hash) == ("Emmy Noether", None)
        assert user.confirmed_at is not None
        assert db.session.scalars(db.select(LoginSession.amr)).all() == ["fed"]
    [(recipient, subject_line, _)] = mailbox.mails()
    assert recipient == EMMY
    assert subject_line.endswith("opens your account at Example House")


@pytest.mark.parametrize("provider", BRANDS)
def test_somebody_known_comes_to_the_same_account(
    app: Flask, traveller: Traveller, new_traveller: Callable[[], Traveller], provider: str
) -> None:
    traveller.go("emmy", provider)
    elsewhere = new_traveller()
    assert elsewhere.go("emmy", provider).status_code == 303
    assert elsewhere.browser.is_signed_in()
    assert accounts(app) == [EMMY]


def test_of_several_addresses_the_proved_main_one_counts(app: Flask, traveller: Traveller) -> None:
    traveller.go("sophie", "github")
    assert accounts(app) == ["sophie@example.com"]


def test_the_page_that_was_wanted_comes_after(traveller: Traveller) -> None:
    page = traveller.browser.get("/login?next=/account/social").text
    assert "/social/google/start?next=/account/social" in page
    came = traveller.go("emmy", path="/social/google/start?next=/account/social")
    assert came.headers["Location"] == "/account/social"


def test_who_has_an_account_comes_in_as_before_and_then_links(
    app: Flask, traveller: Traveller, user: str, mailbox: Mailbox
) -> None:
    came = traveller.go("ada")
    assert came.headers["Location"] == "/login?next=/account/social/confirm"
    assert not traveller.browser.is_signed_in()
    shown = traveller.browser.get(came.headers["Location"]).text
    assert "You have an account with this address." in shown
    came = traveller.browser.sign_in(user, next="/account/social/confirm")
    assert came.headers["Location"] == "/account/social/confirm"
    page = traveller.browser.get("/account/social/confirm").text
    assert "Link Google (local)?" in page
    assert "ada@example.com" in page
    assert identities(app) == []
    traveller.browser.submit("/account/social/confirm")
    assert identities(app) == [("google", "ada", ADA)]
    assert mailbox.mails(ADA)[-1][1].startswith("Google (local) opens your account")
    traveller.browser.sign_out()
    assert traveller.go("ada").headers["Location"] == "/"
    assert traveller.browser.is_signed_in()


def test_without_a_password_another_provider_is_the_way_in_to_link(
    app: Flask, traveller: Traveller
) -> None:
    traveller.go("emmy", "google")
    traveller.browser.sign_out()
    assert traveller.go("emmy", "github").headers["Location"].startswith("/login")
    came = traveller.go("emmy", path="/social/google/start?next=/account/social/confirm")
    assert came.headers["Location"] == "/account/social/confirm"
    traveller.browser.submit("/account/social/confirm")
    assert identities(app) == [("google", "emmy", EMMY), ("github", "101", EMMY)]


def test_who_is_signed_in_links_and_unlinks(
    app: Flask, traveller: Traveller, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    page = signed_in.get("/account/social").text
    assert "No other provider signs you in here." in page
    assert traveller.link("emmy", "github").headers["Location"] == "/account/social"
    page = signed_in.get("/account/social").text
    assert "GitHub (local) is linked to your account." in page
    assert "As <bdi>emmy</bdi>" in page
    assert identities(app) == [("github", "101", user)]
    assert "GitHub (local)" in signed_in.get("/account").text
    left = signed_in.submit("/account/social/github/unlink", "/account/social")
    assert left.status_code == 303
    assert identities(app) == []
    subjects = [subject for _, subject, _ in mailbox.mails(user)]
    assert subjects[-2].startswith("GitHub (local) opens")
    assert subjects[-1].startswith("GitHub (local) no longer opens")


def test_linking_the_same_again_changes_nothing(
    app: Flask, traveller: Traveller, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    traveller.link("emmy")
    before = len(mailbox.mails())
    assert traveller.link("emmy").status_code == 303
    assert identities(app) == [("google", "emmy", user)]
    assert len(mailbox.mails()) == before


def test_a_second_one_of_the_same_provider_is_told_to_unlink_first(
    app: Flask, traveller: Traveller, signed_in: Browser, user: str
) -> None:
    traveller.link("emmy")
    came = traveller.go("sophie", path="/account/social/google/link")
    assert (came.status_code, heading(came)) == (409, "Already linked")
    assert identities(app) == [("google", "emmy", user)]


def test_not_now_changes_nothing(app: Flask, traveller: Traveller, signed_in: Browser) -> None:
    traveller.go("emmy", path="/account/social/google/link")
    assert "Not now" in signed_in.get("/account/social/confirm").text
    assert identities(app) == []


def test_without_anybody_waiting_there_is_nothing_to_confirm(signed_in: Browser) -> None:
    answer = signed_in.get("/account/social/confirm")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/social")


def test_a_password_can_be_set_later_and_then_the_provider_can_go(
    app: Flask, traveller: Traveller, new_browser: Callable[..., Browser]
) -> None:
    traveller.go("emmy")
    browser = traveller.browser
    assert "Set a password" in browser.get("/account").text
    assert browser.submit("/account/password", password=PASSWORD).status_code == 303
    left = browser.submit("/account/social/google/unlink", "/account/social")
    assert left.status_code == 303
    other = new_browser()
    assert other.sign_in(EMMY).status_code == 303
    assert other.is_signed_in()


def test_proof_of_presence_without_a_password_is_given_by_the_provider(
    traveller: Traveller, moving_clock: Clock
) -> None:
    traveller.go("emmy")
    browser = traveller.browser
    moving_clock.forward(minutes=11)
    asked_again = browser.get("/account/password")
    assert asked_again.headers["Location"] == "/reauthenticate?next=/account/password"
    page = browser.get(asked_again.headers["Location"]).text
    assert "/social/google/start?next=/account/password" in page
    came = traveller.go("emmy", path="/social/google/start?next=/account/password")
    assert came.headers["Location"] == "/account/password"
    assert browser.get("/account/password").status_code == 200


def test_the_copy_of_ones_data_names_the_providers(
    app: Flask, traveller: Traveller, signed_in: Browser
) -> None:
    traveller.link("emmy", "github")
    known = json.loads(signed_in.submit("/account/export").text)["social"]
    assert [(one["provider"], one["subject"], one["account_name"]) for one in known] == [
        ("github", "101", "emmy")
    ]


def test_an_account_takes_its_identities_with_it(app: Flask, user: str) -> None:
    link_identity(app, user)
    with app.app_context():
        db.session.delete(db.session.scalars(db.select(User)).one())
        db.session.commit()
    assert identities(app) == []


def test_two_tabs_can_be_under_way_at_once(traveller: Traveller) -> None:
    first = traveller.leave("/social/google/start")
    second = traveller.leave("/social/github/start")
    back = traveller.answer(first, "emmy")
    assert traveller.browser.get(back).status_code == 303
    assert traveller.browser.is_signed_in()
    assert asked(first)["state"] != asked(second)["state"]


PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://house.example.com",
    "SMTP_URL": "smtp://localhost:1025",
    "BCRYPT_ROUNDS": "10",
}


def buttons(settings: dict[str, str]) -> list[str]:
    """Return what the buttons of the sign-in page say."""
    from app.social.providers import sign_in_options

    with create_app(settings).app_context():
        return [option.label for option in sign_in_options()]


def test_buttons_appear_where_there_are_keys(settings: dict[str, str]) -> None:
    production = {**settings, **PRODUCTION}
    assert buttons(production) == []
    keys = {"GITHUB_CLIENT_ID": "id", "GITHUB_CLIENT_SECRET": "secret"}
    assert buttons({**production, **keys}) == ["Continue with GitHub"]
    acme = {
        "SOCIAL_PROVIDERS": "acme,google",
        "ACME_CLIENT_ID": "id",
        "ACME_CLIENT_SECRET": "secret",
        "ACME_URL": "https://login.acme.example/",
        "ACME_LABEL": "Acme Works",
    }
    assert buttons({**production, **acme}) == ["Continue with Acme Works"]


def test_development_plays_what_has_no_keys(settings: dict[str, str]) -> None:
    assert buttons(settings) == ["Continue with Google (local)", "Continue with GitHub (local)"]
    keys = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
    assert buttons({**settings, **keys}) == [
        "Continue with Google",
        "Continue with GitHub (local)",
    ]


def test_whoever_registers_finds_the_buttons_too(browser: Browser) -> None:
    assert 'href="/social/google/start"' in browser.get("/register").text


def test_without_a_button_there_is_no_page(app: Flask, browser: Browser) -> None:
    for path in ("/social/nobody/start", "/social/nobody/callback?state=x&code=y"):
        assert browser.get(path).status_code == 404
