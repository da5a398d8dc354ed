"""What must never happen on the way to a provider and back."""

import threading
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select, text

from app import create_app
from app.accounts.models import User
from app.accounts.service import deactivate, get_user
from app.core import tokens
from app.extensions import db
from app.social import local_provider
from app.social.local import NotInProduction
from app.social.models import SocialIdentity
from tests.conftest import ELSEWHERE, PASSWORD, Browser, Clock, Mailbox
from tests.login.riddle import ANSWER, RIDDLE, add_riddle_page, ask_riddle
from tests.social.conftest import (
    ADA,
    EMMY,
    Traveller,
    accounts,
    asked,
    heading,
    identities,
    link_identity,
    sessions,
)
from tests.tables import Case

NewTraveller = Callable[[], Traveller]
START, CALLBACK = "/social/google/start", "/social/google/callback"


@pytest.mark.parametrize("provider", ["google", "github"])
def test_an_address_that_nobody_proved_makes_no_account(
    app: Flask, traveller: Traveller, provider: str
) -> None:
    came = traveller.go("mallory", provider)
    assert (came.status_code, heading(came)) == (403, "No proved address")
    assert accounts(app) == []
    assert not traveller.browser.is_signed_in()


@pytest.mark.asvs("10.5.2")
@pytest.mark.parametrize("provider", ["google", "github"])
def test_an_address_alone_does_not_open_an_account(
    app: Flask, traveller: Traveller, user: str, provider: str
) -> None:
    traveller.go("ada", provider)
    assert not traveller.browser.is_signed_in()
    assert identities(app) == []
    assert sessions(app) == 0


@pytest.mark.asvs("6.8.1")
def test_the_same_name_at_another_provider_is_somebody_else(
    app: Flask, traveller: Traveller, user: str
) -> None:
    link_identity(app, user, "github", "emmy")
    traveller.go("emmy", "google")
    assert identities(app) == [("github", "emmy", user), ("google", "emmy", EMMY)]


def test_an_account_registered_beforehand_by_a_stranger_is_worth_nothing(
    app: Flask, traveller: Traveller, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    """The stranger knows a password; the owner of the address comes by a provider."""
    stranger = new_browser()
    stranger.register(EMMY, name="Not Emmy")
    link = mailbox.last_link(EMMY)
    traveller.go("emmy")
    assert traveller.browser.is_signed_in()
    with app.app_context():
        user = get_user(EMMY)
        assert (user.name, user.password_hash) == ("Emmy Noether", None)
    assert stranger.sign_in(EMMY).status_code == 422
    assert stranger.get(link).status_code == 410
    assert accounts(app) == [EMMY]


def test_an_identity_does_not_open_two_accounts(
    app: Flask, traveller: Traveller, signed_in: Browser, user: str
) -> None:
    with app.app_context():
        db.session.add(User(name="Grace", email="grace@example.com", confirmed_at=None))
        db.session.commit()
    link_identity(app, "grace@example.com", "google", "emmy")
    came = traveller.go("emmy", path="/account/social/google/link")
    assert (came.status_code, heading(came)) == (409, "Linked to another account")
    assert identities(app) == [("google", "emmy", "grace@example.com")]


def test_an_identity_that_was_linked_elsewhere_meanwhile_is_refused(
    app: Flask, traveller: Traveller, signed_in: Browser, user: str
) -> None:
    traveller.go("emmy", path="/account/social/google/link")
    with app.app_context():
        db.session.add(User(name="Grace", email="grace@example.com"))
        db.session.commit()
    link_identity(app, "grace@example.com", "google", "emmy")
    assert signed_in.submit("/account/social/confirm").status_code == 409
    assert identities(app) == [("google", "emmy", "grace@example.com")]


@pytest.mark.asvs("10.1.2", "10.2.1")
def test_the_state_of_another_browser_is_refused(
    app: Flask, traveller: Traveller, new_traveller: NewTraveller
) -> None:
    """Sign-in CSRF: who follows a callback of a stranger's is not signed in as the stranger."""
    strangers = new_traveller()
    back = strangers.answer(strangers.leave(START), "emmy")
    for prepare in (lambda: None, lambda: traveller.leave(START)):
        prepare()
        came = traveller.browser.get(back)
        assert (came.status_code, heading(came)) == (400, "This sign-in is not under way")
        assert not traveller.browser.is_signed_in()
    assert accounts(app) == []


def test_a_refused_browser_does_not_use_up_the_state_of_another(
    traveller: Traveller, new_traveller: NewTraveller
) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    assert new_traveller().browser.get(back).status_code == 400
    assert traveller.browser.get(back).status_code == 303


@pytest.mark.asvs("10.2.1")
def test_a_callback_that_comes_again_is_refused(traveller: Traveller) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    assert traveller.browser.get(back).status_code == 303
    traveller.browser.sign_out()
    assert traveller.browser.get(back).status_code == 400
    assert not traveller.browser.is_signed_in()


def test_an_old_cookie_does_not_bring_a_state_back(traveller: Traveller) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    kept = {name: traveller.browser.cookie(name) for name in ("session", "device")}
    traveller.browser.get(back)
    traveller.browser.sign_out()
    for name, value in kept.items():
        traveller.browser.put_cookie(value, name)
    assert traveller.browser.get(back).status_code == 400


def test_a_callback_that_two_bring_at_once_lets_one_in(app: Flask, traveller: Traveller) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    device = traveller.browser.cookie("device")
    statuses: list[int] = []

    def bring() -> None:
        browser = Browser(app)
        browser.put_cookie(device, "device")
        statuses.append(browser.get(back).status_code)

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [303, *[400] * 5]
    assert sessions(app) == 1


@pytest.mark.asvs("10.2.1")
def test_a_code_without_a_state_is_refused(app: Flask, traveller: Traveller) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    code = asked(back)["code"]
    for query in (f"code={code}", f"code={code}&state=", f"code={code}&state=guessed", "", "state"):
        assert traveller.browser.get(f"{CALLBACK}?{query}").status_code == 400
    assert sessions(app) == 0


def test_a_state_without_a_code_is_refused(app: Flask, traveller: Traveller) -> None:
    state = asked(traveller.leave(START))["state"]
    assert traveller.browser.get(f"{CALLBACK}?state={state}").status_code == 400
    assert sessions(app) == 0


@pytest.mark.asvs("10.2.2")
def test_a_state_of_another_provider_is_refused(app: Flask, traveller: Traveller) -> None:
    """Mix-up: what was begun at one provider is not finished at the address of another."""
    back = traveller.answer(traveller.leave(START), "emmy")
    assert traveller.browser.get(back.replace("google", "github")).status_code == 400
    assert sessions(app) == 0


@pytest.mark.asvs("10.1.2")
def test_a_code_of_another_sign_in_is_refused(
    app: Flask, traveller: Traveller, new_traveller: NewTraveller
) -> None:
    """A stolen code in a callback of one's own: PKCE and nonce are of another row."""
    victims = new_traveller()
    stolen = asked(victims.answer(victims.leave(START), "emmy"))["code"]
    state = asked(traveller.leave(START))["state"]
    assert traveller.browser.get(f"{CALLBACK}?code={stolen}&state={state}").status_code == 400
    assert sessions(app) == 0


def test_a_code_is_good_for_once(app: Flask, traveller: Traveller) -> None:
    used = asked(traveller.answer(traveller.leave(START), "emmy"))
    traveller.browser.get(CALLBACK, query_string=used)
    traveller.browser.sign_out()
    state = asked(traveller.leave(START))["state"]
    again = traveller.browser.get(CALLBACK, query_string={"code": used["code"], "state": state})
    assert again.status_code == 400
    assert sessions(app) == 1


def test_a_sign_in_that_took_too_long_is_refused(traveller: Traveller, moving_clock: Clock) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    moving_clock.forward(minutes=11)
    assert traveller.browser.get(back).status_code == 400


@pytest.mark.asvs("10.2.1", "10.2.3")
@pytest.mark.parametrize("provider", ["google", "github"])
def test_a_provider_is_asked_with_a_challenge_a_state_and_a_nonce_of_this_time_alone(
    traveller: Traveller, provider: str
) -> None:
    first, second = (asked(traveller.leave(f"/social/{provider}/start")) for _ in range(2))
    fresh = ["state", "code_challenge"] + (["nonce"] if provider == "google" else [])
    for name in fresh:
        assert len(first[name]) == 43
        assert first[name] != second[name]
    assert first["code_challenge_method"] == "S256"
    assert first["response_type"] == "code"
    scopes = {"google": "openid email profile", "github": "read:user user:email"}
    assert first["scope"] == scopes[provider]
    assert first["redirect_uri"] == f"http://localhost:8000/social/{provider}/callback"


@pytest.mark.asvs("1.2.1")
@pytest.mark.parametrize(
    "said", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "x\r\nSet-Cookie: a=b"]
)
def test_what_an_address_says_about_an_error_is_not_shown(traveller: Traveller, said: str) -> None:
    for state in (asked(traveller.leave(START))["state"], "none"):
        query = f"error={quote(said)}&error_description={quote(said)}&state={state}"
        answer = traveller.browser.get(f"{CALLBACK}?{query}&error_uri={quote(said)}")
        assert answer.status_code == 400
        assert said not in answer.text
        assert escape(said) not in answer.text
        assert "49" not in heading(answer)


def test_an_error_with_the_state_of_another_is_not_believed(
    traveller: Traveller, new_traveller: NewTraveller
) -> None:
    """A page elsewhere cannot end a sign-in that is under way."""
    back = traveller.answer(traveller.leave(START), "emmy")
    query = f"error=access_denied&state={asked(back)['state']}"
    assert new_traveller().browser.get(f"{CALLBACK}?{query}").status_code == 400
    assert traveller.browser.get(back).status_code == 303


@pytest.mark.asvs("3.7.2")
def test_nobody_is_sent_elsewhere_afterwards(new_traveller: NewTraveller, case: Case) -> None:
    for elsewhere in ELSEWHERE:
        with case(elsewhere=elsewhere):
            came = new_traveller().go("emmy", path=f"{START}?next={quote(elsewhere)}")
            assert came.status_code == 303
            assert came.headers["Location"] == "/"


@pytest.mark.parametrize("host", ["evil.example.com", "localhost.evil.example.com", "evil:8000"])
def test_a_callback_under_a_foreign_host_is_refused(
    app: Flask, traveller: Traveller, host: str
) -> None:
    back = traveller.answer(traveller.leave(START), "emmy")
    assert traveller.browser.get(back, base_url=f"http://{host}").status_code == 400
    assert sessions(app) == 0


def test_the_way_back_does_not_follow_the_host_of_a_request(traveller: Traveller) -> None:
    answer = traveller.browser.get(START, base_url="http://localhost:9999")
    assert "redirect_uri=http%3A%2F%2Flocalhost%3A8000%2Fsocial" in answer.headers["Location"]


def test_whoever_begins_again_and_again_must_wait(app: Flask, traveller: Traveller) -> None:
    statuses = [traveller.browser.get(START).status_code for _ in range(12)]
    assert statuses == [303] * 10 + [429] * 2
    linking = traveller.browser.get("/account/social/google/link")
    assert linking.headers["Location"].startswith("/login")
    with app.app_context():
        assert len(db.session.scalars(select(tokens.OneTimeToken)).all()) == 10


def test_rows_of_sign_ins_that_nobody_finished_are_removed(
    app: Flask, traveller: Traveller, moving_clock: Clock
) -> None:
    traveller.leave(START)
    moving_clock.forward(hours=25)
    ran = app.test_cli_runner().invoke(args=["jobs", "run", "accounts.tidy"])
    assert ran.exit_code == 0, ran.output
    with app.app_context():
        assert db.session.scalars(select(tokens.OneTimeToken)).all() == []


@pytest.mark.asvs("6.3.4")
def test_no_step_at_the_door_is_skipped(app: Flask, traveller: Traveller) -> None:
    """A second factor is asked for whichever way somebody came, known or new."""
    add_riddle_page(app)
    ask_riddle(app)
    for _ in ("new", "known"):
        assert traveller.go("emmy").headers["Location"] == RIDDLE
        assert not traveller.browser.is_signed_in()
        assert sessions(app) == 0
    came = traveller.browser.submit(RIDDLE, "/login", answer=ANSWER)
    assert came.status_code == 303
    assert traveller.browser.is_signed_in()


def test_an_account_that_was_switched_off_stays_shut(
    app: Flask, traveller: Traveller, user: str
) -> None:
    link_identity(app, user, "google", "emmy")
    with app.app_context():
        deactivate(get_user(user))
        db.session.commit()
    assert traveller.go("emmy").headers["Location"] == "/login"
    assert not traveller.browser.is_signed_in()


@pytest.mark.asvs("7.2.4")
def test_a_session_from_before_does_not_live_on(
    traveller: Traveller, new_browser: Callable[..., Browser], signed_in: Browser
) -> None:
    """Session fixation, and the session of whoever was in before."""
    before = signed_in.cookie()
    traveller.go("emmy")
    assert signed_in.cookie() != before
    other = new_browser()
    other.put_cookie(before)
    assert not other.is_signed_in()


@pytest.mark.asvs("7.6.2")
def test_linking_takes_a_press_in_a_form_of_ours(
    app: Flask, traveller: Traveller, signed_in: Browser
) -> None:
    """Another site can send a browser to begin_link, and a provider may answer unasked."""
    came = traveller.go("emmy", path="/account/social/google/link")
    assert came.headers["Location"] == "/account/social/confirm"
    assert identities(app) == []
    assert signed_in.post("/account/social/confirm").status_code == 400
    assert signed_in.get("/account/social/confirm").status_code == 200
    assert identities(app) == []


def test_linking_without_fresh_proof_is_refused(
    app: Flask, traveller: Traveller, signed_in: Browser, moving_clock: Clock
) -> None:
    traveller.go("emmy", path="/account/social/google/link")
    token = signed_in.token("/account/social")
    moving_clock.forward(minutes=11)
    began = signed_in.get("/account/social/google/link")
    assert began.headers["Location"].startswith("/reauthenticate")
    pressed = signed_in.post("/account/social/confirm", {"csrf_token": token})
    assert pressed.headers["Location"].startswith("/reauthenticate")
    assert identities(app) == []


def test_who_waits_to_be_linked_waits_in_one_browser(
    app: Flask, traveller: Traveller, user: str, new_browser: Callable[..., Browser]
) -> None:
    """A stranger's way to a provider does not end in a link that the owner confirms elsewhere."""
    traveller.go("ada")
    owner = new_browser()
    owner.sign_in(user)
    assert owner.get("/account/social/confirm").headers["Location"] == "/account/social"
    assert owner.submit("/account/social/confirm", "/account/social").status_code == 400
    assert identities(app) == []


def test_who_waits_does_not_wait_for_long(
    app: Flask, traveller: Traveller, user: str, moving_clock: Clock
) -> None:
    traveller.go("ada")
    moving_clock.forward(minutes=16)
    traveller.browser.sign_in(user)
    answer = traveller.browser.get("/account/social/confirm")
    assert answer.headers["Location"] == "/account/social"


def test_who_waits_is_linked_to_the_account_it_waits_for_alone(
    app: Flask, traveller: Traveller, user: str
) -> None:
    traveller.go("ada")
    with app.app_context():
        from app.accounts.service import create

        create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    traveller.browser.sign_in("grace@example.com")
    answer = traveller.browser.get("/account/social/confirm")
    assert answer.headers["Location"] == "/account/social"


def test_a_link_begun_by_one_is_not_finished_by_another(
    app: Flask, traveller: Traveller, signed_in: Browser
) -> None:
    """Somebody else signs in on a shared computer before the provider answers."""
    back = traveller.answer(traveller.leave("/account/social/google/link"), "emmy")
    signed_in.sign_out()
    assert signed_in.get(back).status_code == 400
    assert identities(app) == []
    assert not signed_in.is_signed_in()


def test_the_last_way_in_cannot_be_taken_away(app: Flask, traveller: Traveller) -> None:
    traveller.go("emmy")
    answer = traveller.browser.submit("/account/social/google/unlink", "/account/social")
    assert (answer.status_code, heading(answer)) == (409, "Your last way in")
    assert identities(app) == [("google", "emmy", EMMY)]


@pytest.mark.asvs("7.4.3")
def test_whoever_came_in_by_a_provider_is_out_when_it_is_unlinked(
    traveller: Traveller, new_traveller: NewTraveller, signed_in: Browser
) -> None:
    traveller.link("emmy")
    thief = new_traveller()
    thief.go("emmy")
    assert thief.browser.is_signed_in()
    signed_in.submit("/account/social/google/unlink", "/account/social")
    assert not thief.browser.is_signed_in()
    assert signed_in.is_signed_in()


def test_another_site_cannot_unlink(app: Flask, traveller: Traveller, signed_in: Browser) -> None:
    traveller.link("emmy")
    assert signed_in.post("/account/social/google/unlink").status_code == 400
    assert signed_in.get("/account/social/google/unlink").status_code == 405
    assert len(identities(app)) == 1


def test_what_is_linked_to_another_cannot_be_unlinked(app: Flask, signed_in: Browser) -> None:
    with app.app_context():
        db.session.add(User(name="Grace", email="grace@example.com"))
        db.session.commit()
    link_identity(app, "grace@example.com")
    answer = signed_in.submit("/account/social/github/unlink", "/account/social")
    assert answer.status_code == 404
    assert len(identities(app)) == 1


def test_a_provider_linked_by_a_thief_goes_with_the_address_they_moved_to(
    app: Flask, signed_in: Browser, user: str, mailbox: Mailbox
) -> None:
    signed_in.submit("/account/email", email="thief@example.com")
    signed_in.submit(mailbox.last_link("thief@example.com"))
    link_identity(app, "thief@example.com", "google", "thief")
    undo = mailbox.last_link(user)
    signed_in.submit(undo)
    assert accounts(app) == [user]
    assert identities(app) == []


# feature: security_log
def test_a_provider_that_the_owner_did_not_link_goes_when_they_say_so(
    app: Flask, traveller: Traveller, signed_in: Browser
) -> None:
    traveller.link("emmy")
    page = signed_in.get("/account/security-log").text
    event = page.split("Provider linked")[1].split("/account/security-log/")[1].partition("/")[0]
    said = signed_in.submit(
        f"/account/security-log/{event.partition(chr(34))[0]}/not-me", "/account/security-log"
    )
    assert said.status_code == 303
    assert identities(app) == []


# endfeature
@pytest.mark.asvs("10.1.1", "16.2.5")
def test_no_secret_of_a_sign_in_is_kept_or_logged(
    app: Flask, traveller: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the tokens of the provider, nor code, state and verifier."""
    caplog.set_level("DEBUG")
    began = asked(traveller.leave(START))
    back = traveller.answer(
        f"http://127.0.0.1:{app.config['LOCAL_PROVIDER_PORT']}/oauth2/authorize?"
        + "&".join(f"{name}={quote(value, safe='')}" for name, value in began.items()),
        "emmy",
    )
    came = asked(back)
    traveller.browser.get(back)
    with app.app_context():
        rows = [
            str(db.session.execute(text(f'SELECT * FROM "{table}"')).all())  # noqa: S608 - our tables
            for table in db.metadata.tables
        ]
    ours = [record for record in caplog.records if record.name.startswith(("app", "authlib"))]
    assert ours
    for secret in (began["state"], came["code"], "everybody-knows", "access_token", "id_token"):
        assert not any(secret in row for row in rows), secret
        assert not any(secret in record.getMessage() for record in ours), secret


def test_the_local_provider_does_not_exist_in_production(settings: dict[str, str]) -> None:
    production = {
        **settings,
        "APP_ENV": "production",
        "PUBLIC_URL": "https://house.example.com",
        "SMTP_URL": "smtp://localhost:1025",
        "BCRYPT_ROUNDS": "10",
    }
    app = create_app(production)
    assert app.extensions["social"] == {}
    with pytest.raises(NotInProduction):
        local_provider.make_provider(app)
    ran = app.test_cli_runner().invoke(args=["social", "provider"])
    assert ran.exit_code == 1
    assert ran.output == "Error: The local provider is for APP_ENV=development.\n"


@pytest.mark.parametrize("back", ["http://evil.example.com/", "http://localhost:8000/login", ""])
def test_the_local_provider_sends_nobody_elsewhere(traveller: Traveller, back: str) -> None:
    import requests

    address = traveller.leave(START)
    ours = quote("http://localhost:8000/social/google/callback", safe="")
    elsewhere = address.replace(ours, quote(back, safe=""))
    assert requests.get(elsewhere, timeout=30).status_code == 400
    assert requests.post(elsewhere, {"sub": "emmy"}, timeout=30).status_code == 400


def test_the_local_provider_asks_for_the_verifier(traveller: Traveller, app: Flask) -> None:
    import requests

    here = f"http://127.0.0.1:{app.config['LOCAL_PROVIDER_PORT']}"
    for provider, path in (("google", "/oauth2/token"), ("github", "/login/oauth/access_token")):
        back = traveller.answer(traveller.leave(f"/social/{provider}/start"), "emmy")
        sent = {"grant_type": "authorization_code", "code": asked(back)["code"]}
        answer = requests.post(here + path, {**sent, "code_verifier": "x" * 43}, timeout=30)
        assert answer.json() == {"error": "invalid_grant"}


def test_an_identity_row_without_its_account_cannot_be(app: Flask) -> None:
    from sqlalchemy.exc import IntegrityError

    with app.app_context():
        db.session.add(SocialIdentity(user_id=99, provider="google", subject="x", account_name="x"))
        with pytest.raises(IntegrityError):
            db.session.commit()
    assert ADA not in accounts(app)
