"""What must never happen on the account page."""

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.models import User
from app.core.outbox import OutboxMail
from app.extensions import db
from tests.conftest import PASSWORD, Browser, Clock, Mailbox
from tests.profile.conftest import THIEF
from tests.profile.test_profile import NEW, NEWER, ask, move
from tests.tables import Case


@pytest.mark.parametrize("kind", ["change", "undo", "keep"])
def test_the_secret_of_a_link_is_not_told_to_other_sites(
    signed_in: Browser, mailbox: Mailbox, user: str, kind: str
) -> None:
    ask(signed_in)
    link = mailbox.last_link(NEW)
    if kind != "change":
        signed_in.submit(link)
        link = mailbox.last_link(user)
    if kind == "keep":
        signed_in.submit("/account/delete")
        link = mailbox.last_link(NEW)
    assert signed_in.get(link).headers["Referrer-Policy"] == "same-origin"
    assert signed_in.get(f"{link}x").headers["Referrer-Policy"] == "same-origin"


@pytest.mark.asvs("7.5.1", "7.5.3")
@pytest.mark.parametrize("path", ["/account/email", "/account/export", "/account/delete"])
def test_an_unlocked_screen_is_not_enough(
    app: Flask, signed_in: Browser, user: str, path: str, moving_clock: Clock
) -> None:
    form = {"csrf_token": signed_in.token(path), "email": NEW}
    moving_clock.forward(minutes=11)
    assert signed_in.get(path).location == f"/reauthenticate?next={path}"
    assert signed_in.post(path, form).location.startswith("/reauthenticate")
    assert "Waiting for" not in signed_in.get("/account").text
    assert signed_in.is_signed_in()


@pytest.mark.asvs("8.2.3", "15.3.3")
def test_fields_nobody_asked_for_are_ignored(
    app: Flask, signed_in: Browser, mallory: Browser, user: str, mailbox: Mailbox
) -> None:
    more = {"email": NEW, "user_id": "2", "active": "", "public_id": "x", "password_hash": "x"}
    signed_in.submit("/account/profile", name="Ada King", **more)
    signed_in.submit("/account/email", email=NEWER, user_id="2", new_email=NEW, name="X")
    with app.app_context():
        ada, thief = db.session.scalars(db.select(User).order_by(User.id))
        assert (ada.name, ada.email, ada.active) == ("Ada King", user, True)
        assert (thief.name, thief.email) == ("Mallory", THIEF)
    assert mailbox.mails(NEW) == []
    assert "Waiting for" not in mallory.get("/account").text


@pytest.mark.asvs("8.2.2")
def test_a_copy_of_somebody_elses_data_is_refused(signed_in: Browser, mallory: Browser) -> None:
    for query in ("?user_id=2", "?email=thief@example.com", "?id=2"):
        answer = signed_in.submit(f"/account/export{query}", user_id="2", email=THIEF)
        assert "ada@example.com" in answer.text
        assert THIEF not in answer.text
    assert signed_in.get("/account/export/2").status_code == 404


@pytest.mark.asvs("15.3.1")
def test_a_copy_holds_no_secret_and_no_hash(
    app: Flask, signed_in: Browser, mailbox: Mailbox, user: str
) -> None:
    move(signed_in, mailbox)
    ask(signed_in, NEWER)
    copy = signed_in.submit("/account/export").text
    with app.app_context():
        stored = [accounts.get_user(NEW).password_hash]
        for table in ("one_time_token", "login_session"):
            stored += db.session.scalars(db.text(f"SELECT secret_hash FROM {table}"))  # noqa: S608
        stored += db.session.scalars(db.text("SELECT device_hash FROM known_device"))
    assert len(stored) >= 4
    links = [mailbox.last_link(to).rpartition("/")[2] for to in (user, NEWER)]
    for secret in (*stored, *links, signed_in.cookie("device"), PASSWORD):
        assert secret
        assert str(secret) not in copy


def test_a_name_that_forges_lines_is_refused(app: Flask, signed_in: Browser, case: Case) -> None:
    for name in ("line\nbreak", "nul\0", "x" * 101, "", "   "):
        with case(name=name):
            answer = signed_in.submit("/account/profile", name=name)
            assert answer.status_code == 422
            assert "Ada Lovelace" in signed_in.get("/account").text


@pytest.mark.asvs("3.2.2")
def test_text_that_acts_stays_text(
    app: Flask, signed_in: Browser, mailbox: Mailbox, user: str
) -> None:
    trick = "<script>alert(1)</script>"
    signed_in.submit("/account/profile", name=trick)
    move(signed_in, mailbox)
    signed_in.submit("/account/delete")
    signed_in.sign_in(NEW)
    signed_in.submit("/login/keep")
    for path in ("/account", "/account/profile", "/account/export"):
        assert trick not in signed_in.get(path).text
    with app.app_context():
        mails = db.session.scalars(db.select(OutboxMail)).all()
        assert len(mails) == 6
        assert trick not in "".join(mail.parts()["html"] for mail in mails)
