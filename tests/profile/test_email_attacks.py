"""What must never happen to somebody's address: it is the way back into the account."""

import json
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.core import throttle
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox, without_chance
from tests.profile.conftest import THIEF
from tests.profile.test_profile import NEW, NEWER, address_of, ask, move

OTHER_PASSWORD = "copper-window-eleven-moss"


def change_password(app: Flask, email: str) -> None:
    """Change the password of an account, in a browser of no importance."""
    elsewhere = Browser(app)
    elsewhere.sign_in(email)
    form = {"current": PASSWORD, "password": OTHER_PASSWORD}
    assert elsewhere.submit("/account/password", **form).status_code == 303


def choose_password(app: Flask, mailbox: Mailbox, email: str) -> None:
    """Choose a password by the link for those who have forgotten theirs."""
    anywhere = Browser(app)
    anywhere.submit("/password/forgot", email=email)
    assert anywhere.submit(mailbox.last_link(email), password=OTHER_PASSWORD).location == "/login"


def waiting_for(app: Flask, email: str) -> str | None:
    """Return the address that an account waits to move to."""
    told = app.test_cli_runner().invoke(args=["accounts", "export", email])
    new_email: str | None = json.loads(told.output)["profile"]["new_email"]
    return new_email


class TestALinkToANewAddressIsRefused:
    """To whom, and after what."""

    def test_for_another_account(
        self, app: Flask, signed_in: Browser, mallory: Browser, mailbox: Mailbox, user: str
    ) -> None:
        """The thief mails his own link to the victim, who presses the button."""
        ask(mallory, "victim@example.com")
        link = mailbox.last_link("victim@example.com")
        assert signed_in.get(link).status_code == 410
        form = {"csrf_token": signed_in.token("/account/profile")}
        assert signed_in.post(link, form).status_code == 410
        assert (address_of(app), address_of(app, "Mallory")) == (user, THIEF)

    def test_for_a_stranger(
        self, app: Flask, signed_in: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox
    ) -> None:
        ask(signed_in)
        stranger = new_browser()
        answer = stranger.submit(mailbox.last_link(NEW), form="/login")
        assert answer.location.startswith("/login")
        assert address_of(app) != NEW

    @pytest.mark.asvs("6.4.1")
    def test_the_second_time(self, signed_in: Browser, mailbox: Mailbox) -> None:
        ask(signed_in)
        link = mailbox.last_link(NEW)
        form = {"csrf_token": signed_in.token(link)}
        assert signed_in.post(link, form).status_code == 303
        assert signed_in.post(link, form).status_code == 410

    def test_after_a_newer_one(self, app: Flask, signed_in: Browser, mailbox: Mailbox) -> None:
        ask(signed_in)
        older = mailbox.last_link(NEW)
        ask(signed_in, NEWER)
        assert signed_in.get(older).status_code == 410
        signed_in.submit(mailbox.last_link(NEWER))
        assert address_of(app) == NEWER

    def test_after_the_password_was_changed(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, user: str
    ) -> None:
        """Whoever knew the old one may have asked for the change."""
        ask(signed_in)
        change_password(app, user)
        signed_in.sign_in(user, OTHER_PASSWORD)
        assert signed_in.get("/account").status_code == 200
        assert signed_in.get(mailbox.last_link(NEW)).status_code == 410

    def test_after_the_account_was_switched_off(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, user: str
    ) -> None:
        ask(signed_in)
        with app.app_context():
            accounts.deactivate(accounts.get_user(user))
            accounts.activate(accounts.get_user(user))
            db.session.commit()
        signed_in.sign_in(user)
        assert signed_in.get("/account").status_code == 200
        assert signed_in.get(mailbox.last_link(NEW)).status_code == 410

    def test_after_a_deletion_was_asked_for(
        self, signed_in: Browser, mailbox: Mailbox, user: str
    ) -> None:
        ask(signed_in)
        link = mailbox.last_link(NEW)
        signed_in.submit("/account/delete")
        signed_in.sign_in(user)
        signed_in.submit("/login/keep")
        assert signed_in.get("/account").status_code == 200
        assert signed_in.get(link).status_code == 410

    def test_after_24_hours(
        self, signed_in: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
    ) -> None:
        ask(signed_in)
        moving_clock.forward(hours=24, seconds=1)
        signed_in.sign_in(user)
        assert signed_in.get(mailbox.last_link(NEW)).status_code == 410

    def test_at_the_place_of_another_link(
        self, signed_in: Browser, mailbox: Mailbox, user: str
    ) -> None:
        """A secret is good for what it was made for, and for nothing else."""
        move(signed_in, mailbox)
        undo = mailbox.last_link(user).rpartition("/")[2]
        ask(signed_in, NEWER)
        change = mailbox.last_link(NEWER).rpartition("/")[2]
        for path in (
            f"/account/email/{undo}",
            f"/account/email/undo/{change}",
            f"/account/delete/undo/{change}",
            f"/account/delete/undo/{undo}",
            f"/confirm-email/{change}",
        ):
            assert signed_in.get(path).status_code == 410, path
        assert signed_in.get(f"/account/email/{change}").status_code == 200


@pytest.mark.asvs("3.5.3")
def test_a_scanner_that_opens_links_changes_nothing(
    app: Flask, signed_in: Browser, new_browser: Callable[..., Browser], mailbox: Mailbox, user: str
) -> None:
    ask(signed_in)
    for _ in range(3):
        signed_in.get(mailbox.last_link(NEW))
        new_browser().get(mailbox.last_link(NEW))
    assert address_of(app) == user
    signed_in.submit(mailbox.last_link(NEW))
    undo = mailbox.last_link(user)
    for method in ("GET", "HEAD", "GET"):
        new_browser().client.open(undo, method=method, base_url="http://localhost:8000")
    assert address_of(app) == NEW
    assert new_browser().submit(undo).status_code == 303
    assert address_of(app) == user


@pytest.mark.parametrize("forged", ["evil.com", "localhost.evil.com"])
def test_a_foreign_host_stays_out_of_the_links(
    signed_in: Browser, mailbox: Mailbox, forged: str
) -> None:
    form = {"csrf_token": signed_in.token("/account/email"), "email": NEW}
    refused = signed_in.post("/account/email", form, headers={"Host": forged})
    assert refused.status_code == 400
    signed_in.post("/account/email", form, headers={"X-Forwarded-Host": forged})
    signed_in.submit(mailbox.last_link(NEW))
    assert len(mailbox.mails()) == 4
    for _, _, text in mailbox.mails():
        assert forged not in text


@pytest.mark.asvs("6.3.8")
def test_asking_for_an_address_does_not_tell_whose_it_is(
    app: Flask, signed_in: Browser, mallory: Browser, mailbox: Mailbox, statements: list[str]
) -> None:
    with app.app_context():
        accounts.create(email="half@example.com", name="H", password=PASSWORD, confirmed=False)
        db.session.commit()
    seen = []
    for email in (NEW, THIEF, "half@example.com"):
        form = {"csrf_token": signed_in.token("/account/email"), "email": email}
        with app.app_context():
            throttle.forget("change_email", accounts.get_user("ada@example.com").public_id)
            db.session.commit()
        statements.clear()
        answer = without_chance(signed_in.post("/account/email", form))
        work = sorted(statements)
        page = without_chance(signed_in.get("/account"))[1].replace(email, "")
        seen.append((answer, work, page))
    assert seen[0] == seen[1] == seen[2]
    # The difference is in an inbox that the asker cannot read, and it opens nothing.
    _, subject, text = mailbox.mails(THIEF)[-1]
    assert subject == "You have an account at Example House"
    assert "http" not in text


def test_the_work_for_a_known_address_gives_the_asker_no_link(
    app: Flask, signed_in: Browser, mallory: Browser, mailbox: Mailbox
) -> None:
    ask(signed_in, THIEF)
    assert len(mailbox.mails(THIEF)) == 1
    assert "/account/email/" not in "".join(text for _, _, text in mailbox.mails())


@pytest.mark.asvs("2.4.1")
def test_our_mail_does_not_reach_a_hundred_strangers(
    app: Flask, new_browser: Callable[..., Browser], user: str, mailbox: Mailbox
) -> None:
    statuses = []
    for n in range(8):
        browser = new_browser(f"203.0.113.{n}")
        browser.sign_in(user)
        answer = browser.submit("/account/email", email=f"stranger{n}@example.com")
        statuses.append(answer.status_code)
    assert statuses == [303] * 5 + [429] * 3
    assert len([to for to, _, _ in mailbox.mails() if to.startswith("stranger")]) == 5


class TestAnAddressThatSomebodyElseHasByNow:
    """One address, one account: whoever comes second is refused and loses nothing."""

    def test_is_refused_when_the_link_is_pressed(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, mallory: Browser, user: str
    ) -> None:
        ask(signed_in)
        ask(mallory)
        first = mailbox.mails(NEW)[0][2]
        assert mallory.submit(mailbox.last_link(NEW)).status_code == 303
        link = first.partition("http://localhost:8000")[2].split()[0]
        answer = signed_in.submit(link)
        assert answer.status_code == 409
        assert "This address is taken" in answer.text
        assert (address_of(app), address_of(app, "Mallory")) == (user, NEW)
        assert f"Waiting for {NEW}" in signed_in.get("/account").text

    def test_is_refused_to_the_one_who_wants_it_back(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, mallory: Browser, user: str
    ) -> None:
        move(signed_in, mailbox)
        undo = mailbox.last_link(user)
        move(mallory, mailbox, user)
        answer = signed_in.submit(undo)
        assert answer.status_code == 409
        assert (address_of(app), address_of(app, "Mallory")) == (NEW, user)
        assert signed_in.is_signed_in()
        signed_in.sign_out()
        assert signed_in.sign_in(NEW).status_code == 303  # the password works still

    def test_is_not_his_before_he_confirms(
        self,
        app: Flask,
        signed_in: Browser,
        new_browser: Callable[..., Browser],
        mailbox: Mailbox,
        user: str,
    ) -> None:
        """A registration that nobody confirmed keeps nobody from moving there, or back."""
        new_browser().register(NEW, name="Mallory")
        registration = mailbox.last_link(NEW)
        move(signed_in, mailbox)
        assert new_browser().get(registration).status_code == 410
        undo = mailbox.last_link(user)
        new_browser().register(user, name="Mallory")
        registration = mailbox.last_link(user)
        assert new_browser().submit(undo).status_code == 303
        assert new_browser().get(registration).status_code == 410
        assert address_of(app) == user


class TestTheThiefOfAnAccount:
    """He knows the password and has moved the account to his own inbox."""

    @pytest.fixture
    def undo(self, signed_in: Browser, mailbox: Mailbox, user: str) -> str:
        """The link in the owner's inbox, after the thief at `signed_in` moved the account."""
        move(signed_in, mailbox)
        return mailbox.last_link(user)

    def press(self, app: Flask, link: str) -> int:
        """Press the button of a link, in the owner's browser."""
        return Browser(app).submit(link, form="/login").status_code

    @pytest.mark.asvs("7.4.3")
    def test_is_signed_out_and_his_password_opens_nothing(
        self, app: Flask, signed_in: Browser, undo: str, user: str
    ) -> None:
        assert self.press(app, undo) == 303
        assert not signed_in.is_signed_in()
        assert signed_in.sign_in(user).status_code == 422
        assert signed_in.sign_in(NEW).status_code == 422
        with app.app_context():
            assert accounts.get_user(user).password_hash is None

    def test_loses_a_change_that_waits(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, undo: str, user: str
    ) -> None:
        ask(signed_in, NEWER)
        assert waiting_for(app, NEW) == NEWER
        assert self.press(app, undo) == 303
        assert waiting_for(app, user) is None

    def test_cannot_run_by_moving_again(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, undo: str, user: str
    ) -> None:
        """The link in the first inbox counts, and the later ones sit in the thief's."""
        move(signed_in, mailbox, NEWER)
        later = mailbox.last_link(NEW)
        assert self.press(app, undo) == 303
        assert address_of(app) == user
        assert self.press(app, later) == 410
        assert address_of(app) == user

    def test_cannot_keep_the_way_back_from_the_owner_by_filling_his_inbox(
        self, app: Flask, browser: Browser, mailbox: Mailbox, user: str, moving_clock: Clock
    ) -> None:
        """One inbox gets only so many mails an hour, but of each kind by itself."""
        browser.sign_in(user)
        for n in range(8):
            ask(browser, f"n{n}@example.com")
            moving_clock.forward(minutes=0 if n < 4 else 8)
            browser.submit("/reauthenticate", password=PASSWORD)
        mailed = len(mailbox.mails(user))
        assert mailed >= 6
        browser.submit(mailbox.last_link("n7@example.com"))
        assert mailbox.mails(user)[-1][1] == "Your address at Example House has changed"
        assert self.press(app, mailbox.last_link(user)) == 303
        assert address_of(app) == user

    def test_cannot_void_the_owners_link_by_his_own(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, undo: str, user: str
    ) -> None:
        move(signed_in, mailbox, NEWER)
        assert self.press(app, mailbox.last_link(NEW)) == 303
        assert address_of(app) == NEW
        assert self.press(app, undo) == 303
        assert address_of(app) == user

    def test_cannot_void_the_owners_link_by_a_new_password(
        self, app: Flask, undo: str, user: str
    ) -> None:
        change_password(app, NEW)
        assert self.press(app, undo) == 303
        assert address_of(app) == user

    def test_cannot_use_a_password_link_in_his_inbox(
        self, app: Flask, new_browser: Callable[..., Browser], mailbox: Mailbox, undo: str
    ) -> None:
        """He asks for it while the account is his, and keeps it for later."""
        thief = new_browser()
        thief.submit("/password/forgot", email=NEW)
        kept = mailbox.last_link(NEW)
        assert thief.get(kept).status_code == 200
        assert self.press(app, undo) == 303
        assert thief.get(kept).status_code == 410

    def test_cannot_have_the_account_erased(
        self, app: Flask, signed_in: Browser, mailbox: Mailbox, undo: str, user: str
    ) -> None:
        """Erasing cannot be taken back, asking for it again can: so the way back stops it."""
        signed_in.submit("/account/delete")
        assert self.press(app, undo) == 303
        assert address_of(app) == user
        choose_password(app, mailbox, user)
        assert signed_in.sign_in(user, OTHER_PASSWORD).location == "/"

    def test_is_not_helped_by_a_link_used_twice(self, app: Flask, undo: str) -> None:
        assert self.press(app, undo) == 303
        assert self.press(app, undo) == 410

    def test_is_safe_after_72_hours_and_not_before(
        self, app: Flask, undo: str, moving_clock: Clock
    ) -> None:
        """So long the owner has. Then a link that lies about in an old inbox must be dead."""
        moving_clock.forward(hours=72, seconds=1)
        assert self.press(app, undo) == 410
        assert address_of(app) == NEW

    def test_does_not_come_back_with_an_account_that_was_switched_off(
        self, app: Flask, undo: str, user: str
    ) -> None:
        with app.app_context():
            accounts.deactivate(accounts.get_user(NEW))
            db.session.commit()
        assert self.press(app, undo) == 303
        with app.app_context():
            assert not accounts.get_user(user).is_active
