"""The list of devices, the mail about a new one, and the buttons."""

from collections.abc import Callable

from flask import Flask

from app.accounts import service as accounts
from app.accounts.points import AccountLine
from app.core.events import signals
from app.core.principal import Principal
from app.devices import service
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.devices.conftest import CHROME, DEVICES, ends, names, press, sign_in, told


def test_the_only_device_is_this_one(laptop: Browser) -> None:
    page = laptop.get(DEVICES).text
    assert names(laptop) == ["Firefox 131 on Linux"]
    assert "This device" in page
    assert "You are signed in nowhere else." in page
    assert "Sign out everywhere else" not in page
    assert ends(laptop) == []


def test_this_device_comes_first_then_the_last_used(
    laptop: Browser, phone: Browser, new_browser: Callable[..., Browser], moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=5)
    tablet = new_browser()
    sign_in(tablet, "ada@example.com", "curl/8.5.0")
    moving_clock.forward(minutes=5)
    phone.get("/")
    chrome, curl, firefox = "Chrome 130 on Windows", "curl 8", "Firefox 131 on Linux"
    assert names(laptop) == [firefox, chrome, curl]
    assert names(tablet) == [curl, firefox, chrome]
    assert laptop.get(DEVICES).text.count("This device") == 1


def test_a_line_says_where_when_and_how(
    laptop: Browser, new_browser: Callable[..., Browser], user: str, moving_clock: Clock
) -> None:
    signed_in_at = moving_clock.now()
    sign_in(new_browser("2001:db8::7"), user, CHROME, remember="y")
    moving_clock.forward(hours=1)
    page = laptop.get(DEVICES).text
    when = f"{signed_in_at:%d %b %Y, %H:%M} UTC"
    assert f"Last seen {when}. Stays signed in." in page
    assert f"Signed in {when} from 2001:db8::7 by password." in page
    assert page.count("Stays signed in.") == 1


def test_a_sign_in_that_ran_out_is_not_listed(
    laptop: Browser, phone: Browser, user: str, moving_clock: Clock
) -> None:
    moving_clock.forward(hours=1.5)
    assert len(names(laptop)) == 2
    moving_clock.forward(hours=1)
    assert names(laptop) == ["Firefox 131 on Linux"]
    laptop.sign_out()
    sign_in(laptop, user, remember="y")
    moving_clock.forward(days=80)  # idle for longer than 30 days
    sign_in(phone, user, CHROME)
    assert names(phone) == ["Chrome 130 on Windows"]


def test_the_list_costs_one_query(
    app: Flask, laptop: Browser, phone: Browser, statements: list[str]
) -> None:
    laptop.get(DEVICES)
    statements.clear()
    assert laptop.get(DEVICES).status_code == 200
    assert len(statements) == 2, statements  # who is asking, and the list


def test_one_device_is_ended_and_no_other(
    laptop: Browser, phone: Browser, new_browser: Callable[..., Browser], user: str
) -> None:
    tablet = new_browser()
    sign_in(tablet, user, "curl/8.5.0")
    answer = press(laptop, ends(laptop)[1])
    assert answer.headers["Location"] == DEVICES
    assert "That device is signed out." in laptop.get(DEVICES).text
    assert not phone.is_signed_in()
    assert tablet.is_signed_in()
    assert names(laptop) == ["Firefox 131 on Linux", "curl 8"]


def test_all_others_are_ended_and_this_one_goes_on(laptop: Browser, phone: Browser) -> None:
    assert press(laptop, f"{DEVICES}/end-others").headers["Location"] == DEVICES
    assert "You are signed out everywhere else." in laptop.get(DEVICES).text
    assert not phone.is_signed_in()
    assert names(laptop) == ["Firefox 131 on Linux"]


def test_signing_out_everywhere_ends_at_the_sign_in_page(laptop: Browser, phone: Browser) -> None:
    answer = press(laptop, f"{DEVICES}/end-all")
    assert answer.headers["Location"] == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    with laptop.client.session_transaction(base_url="http://localhost:8000") as cookie:
        assert "_user_id" not in cookie
    assert "You are signed out everywhere." in laptop.get("/login").text
    assert not laptop.is_signed_in()
    assert not phone.is_signed_in()


def test_the_account_page_gets_a_line(
    app: Flask, laptop: Browser, new_browser: Callable[..., Browser], user: str
) -> None:
    def line() -> AccountLine:
        with app.app_context():
            (only,) = service.account_lines(Principal(accounts.get_user(user).id))
            return only

    assert line().state == "Signed in on this device only"
    sign_in(new_browser(), user)
    assert (line().state, line().endpoint) == ("Signed in on 2 devices", "devices.index")


def test_what_ends_a_device_is_said_aloud(app: Flask, laptop: Browser, phone: Browser) -> None:
    heard: list[dict[str, int | None]] = []

    def hear(event: object) -> None:
        heard.append(vars(event))

    with (
        signals.signal("device_signed_out").connected_to(hear),
        signals.signal("signed_out_everywhere").connected_to(hear),
    ):
        press(laptop, ends(laptop)[0])
        press(laptop, f"{DEVICES}/end-others")
    assert heard == [{"user_id": 1, "login_session_id": 2}, {"user_id": 1, "keep": 1}]


def test_a_new_device_is_mailed_with_what_when_and_where(
    laptop: Browser, phone: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
) -> None:
    (text,) = told(mailbox, user)
    assert "Device: Chrome 130 on Windows\n" in text
    assert "From the address: 203.0.113.7\n" in text
    assert f"When: {moving_clock.now():%d %B %Y, }" in text
    assert "http://localhost:8000/account/devices\n" in text


def test_a_known_device_is_no_news(
    laptop: Browser, phone: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
) -> None:
    phone.sign_out()
    sign_in(phone, user, CHROME)
    moving_clock.forward(days=200)
    sign_in(phone, user, CHROME)
    assert len(told(mailbox, user)) == 1


def test_the_sign_in_that_follows_the_confirmation_is_no_news(
    browser: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    browser.register("new@example.com")
    browser.submit(mailbox.last_link(), password=PASSWORD)
    assert browser.is_signed_in()
    assert told(mailbox, "new@example.com") == []
    sign_in(new_browser(), "new@example.com")  # at the same moment, but in another browser
    assert len(told(mailbox, "new@example.com")) == 1


def test_a_first_sign_in_long_after_the_confirmation_is_news(
    browser: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=11)
    sign_in(browser, user)
    assert len(told(mailbox, user)) == 1


def test_the_link_in_the_mail_ends_that_sign_in_and_leads_to_a_new_password(
    laptop: Browser, phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    anywhere, link = new_browser(), mailbox.last_link()
    page = anywhere.get(link)
    assert (page.status_code, "Was that not you?" in page.text) == (200, True)
    answer = anywhere.submit(link)
    assert answer.headers["Location"] == f"{DEVICES}/not-me"
    page = anywhere.get(f"{DEVICES}/not-me")
    assert "That device is signed out." in page.text
    assert 'href="/password/forgot"' in page.text
    assert not phone.is_signed_in()
    assert laptop.is_signed_in()


def test_the_new_password_that_the_page_leads_to_shuts_the_thief_out(
    phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    owner = new_browser()
    owner.submit(mailbox.last_link())
    owner.submit("/password/forgot", email=user)
    new_password = "copper-window-eleven-moss"
    assert owner.submit(mailbox.last_link(), password=new_password).status_code == 303
    assert sign_in(phone, user).status_code == 422
    assert owner.sign_in(user, new_password).status_code == 303
    assert names(owner) != []


def test_the_link_still_works_after_a_new_password(
    phone: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    link, owner = mailbox.last_link(), new_browser()
    owner.submit("/password/forgot", email=user)
    owner.submit(mailbox.last_link(), password="copper-window-eleven-moss")
    assert owner.submit(link).status_code == 303
    assert "It had been signed out already." in owner.get(f"{DEVICES}/not-me").text


def test_the_link_says_so_kindly_when_the_sign_in_had_ended(
    app: Flask, phone: Browser, browser: Browser, mailbox: Mailbox
) -> None:
    link = mailbox.last_link()
    phone.sign_out()
    assert app.test_cli_runner().invoke(args=["devices", "purge"]).exit_code == 0
    assert browser.submit(link).headers["Location"] == f"{DEVICES}/not-me"
    assert "It had been signed out already." in browser.get(f"{DEVICES}/not-me").text


def test_the_link_goes_with_the_account(app: Flask, phone: Browser, mailbox: Mailbox) -> None:
    link = mailbox.last_link()
    erased = app.test_cli_runner().invoke(args=["accounts", "erase", "ada@example.com", "--yes"])
    assert erased.exit_code == 0, erased.output
    assert Browser(app).get(link).status_code == 410


def test_a_switched_off_owner_can_still_say_it_was_not_them(
    app: Flask, phone: Browser, mailbox: Mailbox, user: str
) -> None:
    with app.app_context():
        accounts.deactivate(accounts.get_user(user))
        db.session.commit()
    assert Browser(app).submit(mailbox.last_link()).status_code == 303
