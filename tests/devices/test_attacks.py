"""What must never happen to a signed-in device, and to the mail about a new one."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts import service as accounts
from app.accounts.models import User
from app.core import tokens
from app.core.limits import limiter
from app.core.outbox import OutboxMail
from app.core.principal import Principal
from app.devices import service
from app.extensions import db
from app.login import session_data
from app.login.models import LoginSession
from app.login.points import KEPT_AT_SIGN_IN
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.devices.conftest import ADA, CHROME, DEVICES, ends, names, press, sign_in, told
from tests.tables import Case

NOWHERE = f"{DEVICES}/00000000-0000-0000-0000-000000000001/end"


@pytest.fixture
def grace(app: Flask, new_browser: Callable[..., Browser]) -> Browser:
    """Somebody else, signed in at her own browser."""
    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    browser = new_browser()
    sign_in(browser, "grace@example.com")
    return browser


# --- The list and its buttons ---------------------------------------------------------------------


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("path", [DEVICES, f"{DEVICES}/end-others", f"{DEVICES}/end-all", NOWHERE])
def test_a_stranger_sees_and_ends_nothing(phone: Browser, path: str) -> None:
    stranger = Browser(phone.client.application)
    sent = stranger.get(path) if path == DEVICES else stranger.submit(path, form="/login")
    assert (sent.status_code, sent.headers["Location"].split("?")[0]) == (303, "/login")
    assert phone.is_signed_in()


@pytest.mark.asvs("8.2.2")
def test_another_persons_device_cannot_be_ended(
    laptop: Browser, phone: Browser, grace: Browser
) -> None:
    (address,) = ends(laptop)
    refused = press(grace, address)
    assert (refused.status_code, refused.text) == (404, press(grace, NOWHERE).text)
    assert phone.is_signed_in()


@pytest.mark.asvs("8.2.2")
def test_another_persons_devices_are_neither_listed_nor_ended_with_all(
    laptop: Browser, phone: Browser, grace: Browser
) -> None:
    assert len(names(grace)) == 1
    press(grace, f"{DEVICES}/end-others")
    press(grace, f"{DEVICES}/end-all")
    assert laptop.is_signed_in()
    assert phone.is_signed_in()


def test_an_ended_device_cannot_be_ended_again(laptop: Browser, phone: Browser) -> None:
    (address,) = ends(laptop)
    press(laptop, address)
    again = press(laptop, address)
    assert (again.status_code, again.text) == (404, press(laptop, NOWHERE).text)


NO_DEVICES = ["1", "%00", "'--", "../x", "9" * 5000, "{00000000-0000-0000-0000-000000000001}"]


def test_an_address_that_is_no_device_is_not_found(laptop: Browser, case: Case) -> None:
    for part in NO_DEVICES:
        with case(part=part):
            assert press(laptop, f"{DEVICES}/{part}/end").status_code == 404


@pytest.mark.asvs("7.4.1")
@pytest.mark.parametrize("stays", [{}, {"remember": "y"}])
@pytest.mark.parametrize("by", ["one", "others", "all", "mail"])
def test_the_cookie_of_an_ended_device_is_dead_at_once(
    laptop: Browser,
    new_browser: Callable[..., Browser],
    mailbox: Mailbox,
    stays: dict[str, str],
    by: str,
) -> None:
    thief = new_browser()
    sign_in(thief, ADA, CHROME, **stays)
    copy = new_browser()
    copy.put_cookie(thief.cookie())
    assert copy.is_signed_in()
    if by == "mail":
        new_browser().submit(mailbox.last_link())
    else:
        press(laptop, ends(laptop)[0] if by == "one" else f"{DEVICES}/end-{by}")
    assert not thief.is_signed_in()
    assert not copy.is_signed_in()


@pytest.mark.asvs("7.5.2")
@pytest.mark.parametrize("by", ["one", "others", "all"])
def test_a_device_is_not_ended_without_fresh_proof(
    laptop: Browser, phone: Browser, moving_clock: Clock, by: str
) -> None:
    """Somebody at an unlocked screen must not throw the owner out of every other device."""
    path = ends(laptop)[0] if by == "one" else f"{DEVICES}/end-{by}"
    moving_clock.forward(minutes=11)
    asked = press(laptop, path)
    assert asked.headers["Location"] == f"/reauthenticate?next={DEVICES}"
    assert phone.is_signed_in()
    back = laptop.submit("/reauthenticate", password=PASSWORD, next=DEVICES)
    assert back.headers["Location"] == DEVICES
    assert press(laptop, path).status_code == 303
    assert not phone.is_signed_in()


@pytest.mark.asvs("3.5.1")
def test_another_site_ends_nothing(laptop: Browser, phone: Browser) -> None:
    for path in (ends(laptop)[0], f"{DEVICES}/end-others", f"{DEVICES}/end-all"):
        assert laptop.post(path).status_code == 400
        assert laptop.get(path).status_code == 405
    assert phone.is_signed_in()
    assert laptop.is_signed_in()


def test_a_device_that_was_ended_comes_back_as_a_stranger(
    laptop: Browser, phone: Browser, mailbox: Mailbox, user: str
) -> None:
    press(laptop, ends(laptop)[0])
    sign_in(phone, user, CHROME)
    assert len(told(mailbox, user)) == 2


def test_nobody_is_known_after_signing_out_everywhere(
    laptop: Browser, phone: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=9)
    press(laptop, f"{DEVICES}/end-all")
    moving_clock.forward(minutes=2)
    sign_in(phone, user, CHROME)
    sign_in(laptop, user)
    assert len(told(mailbox, user)) == 3


def test_this_browser_stays_known_when_all_others_end(
    laptop: Browser, phone: Browser, mailbox: Mailbox, user: str
) -> None:
    press(laptop, f"{DEVICES}/end-others")
    laptop.sign_out()
    sign_in(laptop, user)
    assert len(told(mailbox, user)) == 1
    sign_in(phone, user, CHROME)
    assert len(told(mailbox, user)) == 2


def test_a_sign_in_that_is_half_way_ends_with_the_others(
    app: Flask, laptop: Browser, user: str
) -> None:
    with app.app_context():
        ada = accounts.get_user(user)
        parked = tokens.issue("sign_in_attempt", service.NOT_ME_LIFETIME, user_id=ada.id)
        db.session.commit()
    press(laptop, f"{DEVICES}/end-others")
    with app.app_context(), pytest.raises(tokens.TokenRefused):
        tokens.get("sign_in_attempt", parked)


@pytest.mark.asvs("14.3.1")
@pytest.mark.parametrize("by", ["one", "mail"])
def test_what_a_thief_left_in_a_session_is_not_taken_over(
    app: Flask, laptop: Browser, phone: Browser, mailbox: Mailbox, by: str
) -> None:
    KEPT_AT_SIGN_IN.add(app, "shop.cart")
    with app.app_context():
        planted = db.session.scalars(select(LoginSession).order_by(LoginSession.id.desc())).first()
        assert planted is not None
        thief = Principal(planted.user_id, login_session_id=planted.id)
        session_data.write(thief, "shop.cart", ["a bomb"])
        db.session.commit()
    if by == "one":
        press(laptop, ends(laptop)[0])
    else:
        laptop.submit(mailbox.last_link())
    sign_in(phone, ADA, CHROME)
    with app.app_context():
        kept = select(LoginSession.data).where(LoginSession.revoked_at.is_(None))
        assert db.session.scalars(kept).all() == [{}, {}]


@pytest.mark.asvs("7.2.3", "15.3.1")
def test_the_list_shows_no_secret_and_no_number_of_a_row(
    app: Flask, laptop: Browser, phone: Browser
) -> None:
    with phone.client.session_transaction(base_url="http://localhost:8000") as cookie:
        secret = str(cookie["_user_id"])
    page = laptop.get(DEVICES).text
    assert secret not in page
    assert phone.cookie("device") not in page
    with app.app_context():
        for row in db.session.scalars(select(LoginSession)):
            assert row.secret_hash not in page
            assert row.device_hash not in page
            assert f"{DEVICES}/{row.id}/" not in page


def test_ending_two_hundred_devices_takes_one_statement(
    app: Flask, laptop: Browser, phone: Browser, statements: list[str]
) -> None:
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).first()
        assert row is not None
        same = ("user_id", "created_at", "authenticated_at", "last_seen_at", "expires_at")
        same += ("idle_seconds", "address", "user_agent", "device_hash", "amr")
        values = {name: getattr(row, name) for name in same}
        db.session.add_all(LoginSession(**values, secret_hash=f"{n}") for n in range(200))
        db.session.commit()
    press(laptop, f"{DEVICES}/end-others")
    ended = [text for text in statements if text.startswith("UPDATE login_session")]
    assert len(ended) == 1
    assert len(names(laptop)) == 1


# --- What a stranger says of itself ---------------------------------------------------------------

TRICKS = [
    "<script>alert(1)</script> Crawler/1",
    '"><img src=x onerror=alert(1)>Bot/1',
    "Safe\u202eerawlaM Crawler/1",
    "\u05de\u05e1\u05e4\u05e8 Crawler/1",
    "Your account is locked call 555 0100 Crawler/1",
    "https://evil.example/login Bot/1",
    "{{ config.SECRET_KEY }} Bot/1",
    "%0d%0aBcc: everybody@example.com Bot/1",
    "Firefox/131" + "x" * 245,
    "",
]


@pytest.mark.asvs("3.2.2")
@pytest.mark.parametrize("agent", TRICKS)
def test_a_name_that_acts_or_lies_is_not_shown(
    app: Flask, laptop: Browser, mailbox: Mailbox, agent: str
) -> None:
    # As WSGI hands a header on: bytes, each as one character.
    assert sign_in(Browser(app), ADA, agent.encode().decode("latin-1")).status_code == 303
    (text,) = told(mailbox, ADA)
    with app.app_context():
        mail = db.session.scalars(select(OutboxMail)).one()
        html = mail.parts()["html"]
    for shown in (laptop.get(DEVICES).text, text, html):
        for sign in (
            "alert(1)",
            "onerror",
            "\u202e",
            "\u05de",
            "555 0100",
            "evil.",
            "Bcc:",
            "x" * 9,
        ):
            assert sign not in shown
        assert app.config["SECRET_KEY"] not in shown
    (name,) = re.findall(r"^Device: (.*)$", text, re.MULTILINE)
    assert re.fullmatch(r"[\w ]{1,40}", name, re.ASCII)
    assert name in names(laptop)
    assert mail.subject == "New sign-in to your account at Example House"


def test_what_was_stored_unclean_is_still_shown_as_text(
    app: Flask, laptop: Browser, phone: Browser
) -> None:
    """The address comes from the network or a proxy; the page trusts neither."""
    with app.app_context():
        db.session.execute(update(LoginSession).values(address="<b>1</b>", amr="<i>x</i>"))
        db.session.commit()
    page = laptop.get(DEVICES).text
    assert "&lt;b&gt;1&lt;/b&gt;" in page
    assert "<i>x" not in page


def test_a_made_up_address_is_not_shown(
    laptop: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    thief = new_browser("198.51.100.9")
    form = {"csrf_token": thief.token(), "email": user, "password": PASSWORD}
    claims = {"X-Forwarded-For": "203.0.113.99", "Forwarded": "for=203.0.113.99"}
    assert thief.post("/login", form, headers=claims).status_code == 303
    for shown in (laptop.get(DEVICES).text, *told(mailbox, user)):
        assert "198.51.100.9" in shown
        assert "203.0.113.99" not in shown


# --- The mail and its link ------------------------------------------------------------------------


@pytest.mark.asvs("6.3.5")
def test_nobody_signs_in_from_a_new_browser_without_the_owner_being_told(
    laptop: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    thief = new_browser()
    thief.put_cookie("made-up", "device")
    sign_in(thief, user)
    sign_in(new_browser(), user)
    assert len(told(mailbox, user)) == 2


def test_a_thief_cannot_flood_the_inbox(
    app: Flask, laptop: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
) -> None:
    for _ in range(20):
        limiter.reset()
        sign_in(Browser(app), user)
    assert len(told(mailbox, user)) == 6
    moving_clock.forward(minutes=61)
    sign_in(Browser(app), user)
    assert len(told(mailbox, user)) == 7


def test_a_flood_of_other_mails_does_not_keep_the_news_back(
    app: Flask, laptop: Browser, mailbox: Mailbox, user: str
) -> None:
    for _ in range(8):
        limiter.reset()
        Browser(app).register(user)
        Browser(app).submit("/password/forgot", email=user)
    sign_in(Browser(app), user)
    assert len(told(mailbox, user)) == 1


@pytest.mark.asvs("3.5.3")
def test_a_scanner_that_opens_the_link_ends_nothing(
    phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    link, scanner = mailbox.last_link(), new_browser()
    for _ in range(3):
        assert scanner.get(link).status_code == 200
        assert scanner.client.head(link, base_url="http://localhost:8000").status_code == 200
    assert phone.is_signed_in()
    assert new_browser().submit(link).status_code == 303


@pytest.mark.asvs("6.4.1")
def test_the_link_works_once(
    phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    link, owner = mailbox.last_link(), new_browser()
    token = owner.token(link)
    assert owner.post(link, {"csrf_token": token}).status_code == 303
    sign_in(phone, user, CHROME)
    assert owner.get(link).status_code == 410
    assert owner.post(link, {"csrf_token": token}).status_code == 410
    assert phone.is_signed_in()


@pytest.mark.asvs("6.4.1")
def test_the_link_is_dead_after_seven_days(
    phone: Browser, browser: Browser, mailbox: Mailbox, moving_clock: Clock
) -> None:
    link = mailbox.last_link()
    moving_clock.forward(days=6, hours=23)
    assert browser.get(link).status_code == 200
    token = browser.token(link)
    moving_clock.forward(hours=2)
    assert browser.get(link).status_code == 410
    assert browser.post(link, {"csrf_token": token}).status_code == 410


def test_a_link_for_another_purpose_is_refused(
    app: Flask, phone: Browser, browser: Browser, mailbox: Mailbox, user: str
) -> None:
    browser.register("new@example.com")
    other = urlsplit(mailbox.last_link()).path.rpartition("/")[2]
    not_me = mailbox.last_link(user).rpartition("/")[2]
    assert browser.get(f"{DEVICES}/not-me/{other}").status_code == 410
    assert browser.submit(f"{DEVICES}/not-me/{other}", form="/register").status_code == 410
    assert browser.get(f"/confirm-email/{not_me}").status_code == 410
    for junk in ("x", "%00", "\u202e", "'--", "9" * 3000):
        assert browser.get(f"{DEVICES}/not-me/{junk}").status_code == 410


def test_the_link_ends_no_other_sign_in(
    app: Flask, laptop: Browser, phone: Browser, grace: Browser, mailbox: Mailbox
) -> None:
    link, tablet = mailbox.last_link(ADA), Browser(app)
    sign_in(tablet, ADA)
    Browser(app).submit(link)
    assert not phone.is_signed_in()
    assert all(other.is_signed_in() for other in (laptop, tablet, grace))


def test_the_link_does_not_end_a_row_that_got_the_number_of_one_that_is_gone(
    app: Flask,
    laptop: Browser,
    phone: Browser,
    new_browser: Callable[..., Browser],
    mailbox: Mailbox,
) -> None:
    """SQLite hands the number of a removed row out again."""
    link = mailbox.last_link()
    phone.sign_out()
    app.test_cli_runner().invoke(args=["devices", "purge"])
    again = Browser(app)
    sign_in(again, ADA)
    with app.app_context():
        assert db.session.scalar(select(db.func.max(LoginSession.id))) == 2  # as the phone's was
    Browser(app).submit(link)
    assert again.is_signed_in()


def test_a_thief_who_signs_out_at_once_does_not_stay_known(
    app: Flask, laptop: Browser, phone: Browser, mailbox: Mailbox, user: str
) -> None:
    link = mailbox.last_link()
    phone.sign_out()
    app.test_cli_runner().invoke(args=["devices", "purge"])
    laptop.submit(link)
    sign_in(phone, user, CHROME)
    assert len(told(mailbox, user)) == 2


def test_the_link_signs_nobody_in(
    phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    anybody = new_browser()
    anybody.submit(mailbox.last_link())
    assert not anybody.is_signed_in()
    assert anybody.get(DEVICES).status_code == 303


@pytest.mark.asvs("3.5.1")
def test_the_link_is_not_followed_by_another_site(phone: Browser, mailbox: Mailbox) -> None:
    assert phone.post(mailbox.last_link()).status_code == 400
    assert phone.is_signed_in()


def test_a_foreign_host_gets_neither_mail_nor_page(
    laptop: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    thief = new_browser()
    form = {"csrf_token": thief.token(), "email": user, "password": PASSWORD}
    assert thief.post("/login", form, base_url="http://evil.example").status_code == 400
    assert told(mailbox, user) == []
    forwarded = {"X-Forwarded-Host": "evil.example"}
    assert thief.post("/login", form, headers=forwarded).status_code == 303
    (text,) = told(mailbox, user)
    assert set(re.findall(r"https?://[^/\s]+", text)) == {"http://localhost:8000"}
    link = mailbox.last_link()
    assert thief.get(link, base_url="http://evil.example").status_code == 400


@pytest.mark.asvs("14.2.1")
def test_the_secret_of_the_link_is_told_to_no_other_site(
    phone: Browser, browser: Browser, mailbox: Mailbox
) -> None:
    link = mailbox.last_link()
    assert browser.get(link).headers["Referrer-Policy"] == "same-origin"
    assert browser.submit(link).headers["Referrer-Policy"] == "same-origin"
    assert browser.get(link).headers["Referrer-Policy"] == "same-origin"  # used up
    secret = link.rpartition("/")[2]
    assert secret not in browser.get(f"{DEVICES}/not-me").text


def test_the_secret_of_the_link_is_not_in_the_database(
    app: Flask, phone: Browser, mailbox: Mailbox
) -> None:
    secret = mailbox.last_link().rpartition("/")[2]
    with app.app_context():
        for table in db.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                assert secret not in repr(tuple(row))
        assert db.session.scalar(select(User.id)) == 1
