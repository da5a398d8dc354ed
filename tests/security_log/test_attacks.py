"""What must never get into the log, out of it, or past it."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from app.core import access
from app.core.events import AccessRefused
from app.core.limits import limiter
from app.core.project import ROOT
from app.extensions import db
from app.login.events import SignInRefused
from app.security_log.circumstances import LONGEST_DETAIL, MOST_PARTS, kept
from app.security_log.models import SecurityEvent
from app.security_log.views import ON_A_PAGE
from tests.conftest import (
    PASSWORD,
    Browser,
    Clock,
    Mailbox,
    Program,  # feature: api
)
from tests.security_log.conftest import (
    ADA,
    GRACE,  # feature: api
    LOG,
    WRONG,
    buttons,
    events,
    kinds,
    origins,
    press,
    public_id,
    sign_in_as,
    stored_text,
    titles,
)
from tests.statements import collected
from tests.tables import Case

NOWHERE = f"{LOG}/{UUID(int=1)}/not-me"


# --- What gets in ---------------------------------------------------------------------------------


@pytest.mark.asvs("16.2.5", "14.2.4")
def test_no_secret_is_stored_and_no_typed_address(
    app: Flask, browser: Browser, mailbox: Mailbox
) -> None:
    typed = ["wrong-horse-battery", "Tr0ub4dor&3-in-the-wrong-field", "quiet-amber-falcon-jetty"]
    browser.register(ADA, name="Ada Lovelace")
    links = [mailbox.last_link(ADA)]
    browser.submit(links[0], password=PASSWORD)
    browser.sign_out()
    browser.sign_in(ADA, typed[0])
    browser.sign_in(f"{typed[1]}@example.com", typed[0])
    browser.submit("/password/forgot", email=f"{typed[1]}@example.com")
    browser.submit("/password/forgot", email=ADA)
    links.append(mailbox.last_link(ADA))
    browser.submit(links[1], password=typed[2])
    browser.sign_in(ADA, typed[2])
    cookies = [browser.cookie(), browser.cookie("device")]
    browser.submit("/reauthenticate", password=typed[0])
    browser.submit("/reauthenticate", password=typed[2])
    browser.submit("/account/email", email="new@example.com", password=typed[2])  # feature: profile
    links.append(mailbox.last_link("new@example.com"))  # feature: profile
    press(browser, buttons(browser)[0])
    text = stored_text(app)
    assert len(events(app)) > 9
    secrets = [*typed, *cookies, *(link.rpartition("/")[2] for link in links)]
    for unwanted in (*secrets, PASSWORD, ADA, "new@example.com", "Lovelace"):
        assert unwanted
        assert unwanted not in text


@pytest.mark.asvs("1.3.3", "16.4.1")
@pytest.mark.parametrize(
    ("agent", "stored"),
    [
        ("Safe\tBrowser\x1b[31m\x00\x7f", "SafeBrowser[31m"),
        ("a\x85\xa0\xadb", "ab"),  # a line end, a blank and a hyphen that nobody sees
        ("G" * 60_000, "G" * 256),
        ("\x1b" * 5000 + "end", "end"),
        ("", ""),
    ],
)
def test_a_hostile_agent_is_stored_short_and_on_one_line(
    app: Flask, user: str, browser: Browser, agent: str, stored: str
) -> None:
    headers = {"HTTP_USER_AGENT": agent, "REMOTE_ADDR": "127.0.0.1"}
    form = {"csrf_token": browser.token(), "email": user, "password": PASSWORD}
    assert browser.post("/login", form, environ_overrides=headers).status_code == 303
    assert origins(app)[-1].user_agent == stored
    assert browser.get(LOG).status_code == 200


@pytest.mark.asvs("16.4.1")
def test_an_address_that_a_proxy_hands_on_is_cut(app: Flask, user: str, browser: Browser) -> None:
    form = {"csrf_token": browser.token(), "email": user, "password": PASSWORD}
    address = "203.0.113.7\n1970-01-01 signed_in\u202e" + "9" * 500
    browser.post("/login", form, environ_overrides={"REMOTE_ADDR": address})
    (origin,) = origins(app)[-1:]
    assert origin.address == "203.0.113.71970-01-01 signed_in" + "9" * 14


@pytest.mark.asvs("16.4.1")
@pytest.mark.parametrize("turning", ["\u202e", "\u2066", "\u200f", "\u2028", "\ufeff", "\ud800"])
def test_no_detail_forges_a_line_or_turns_the_writing(turning: str) -> None:
    assert kept(f"a{turning}b\r\nc") == "abc"
    assert kept([f"a{turning}b"] * 1000) == ["ab"] * MOST_PARTS
    assert len(kept("x" * 10_000)) == LONGEST_DETAIL


@pytest.mark.asvs("1.2.1")
def test_html_in_an_agent_is_text(user: str, browser: Browser) -> None:
    sign_in_as(browser, "<script>alert(1)</script>/1 \"'><img src=x onerror=alert(1)>")
    page = browser.get(LOG).text
    assert "alert(1)" not in re.sub(r"&lt;.*?&gt;", "", page)
    assert "<img" not in page.partition("<main")[2]


def test_a_field_that_is_not_to_be_stored_is_not_stored(app: Flask, user: str) -> None:
    """An event may carry more; it is stored when somebody has decided so."""
    with app.app_context():
        SignInRefused(email=user, reason="credentials").send()
        db.session.commit()
    assert events(app)[-1].details == {"reason": "credentials"}


@pytest.mark.asvs("6.3.8")
def test_a_refusal_costs_the_same_whoever_is_asked_for(app: Flask, user: str) -> None:
    """Or the log would tell by its work who has an account."""

    def statements(email: str, path: str, **fields: str) -> list[str]:
        browser = Browser(app)
        token = browser.token(path)
        with collected(app) as asked:
            browser.post(path, {"csrf_token": token, "email": email, **fields})
        return [re.sub(r"savepoint \w+", "", one) for one in asked]

    statements("warm@example.com", "/login", password=WRONG)
    for path, fields in (("/login", {"password": WRONG}), ("/password/forgot", {})):
        known = statements(user, path, **fields)
        unknown = statements("nobody@example.com", path, **fields)
        assert len(known) == len(unknown)
        ours = [[one for one in asked if "security_event" in one] for asked in (known, unknown)]
        assert ours[0] == ours[1] != []


@pytest.mark.asvs("16.3.1")
def test_a_sign_in_costs_two_rows_and_no_look(app: Flask, user: str, statements: list[str]) -> None:
    assert Browser(app).sign_in(user).status_code == 303
    ours = [statement for statement in statements if "security_event" in statement]
    assert [statement.split(" (")[0] for statement in ours] == [
        "INSERT INTO security_event",
        "INSERT INTO security_event_origin",
    ]


def test_whoever_else_uses_the_browser_is_no_administrator(
    app: Flask, user: str, grace: Browser, mailbox: Mailbox
) -> None:
    """A shared browser: somebody comes in by their own proof while another is signed in there."""
    grace.submit("/password/forgot", email=user)
    came = grace.submit("/login", form="/", email=user, password=PASSWORD)
    assert came.status_code == 303
    ada = [event for event in events(app) if event.account == public_id(app)]
    assert [event.actor for event in ada] == [None] * len(ada)
    assert "an administrator" not in grace.get(LOG).text


def test_credentials_that_open_nothing_do_not_hide_a_refusal(app: Flask, user: str) -> None:
    """The log looks at nobody's credentials; a route that is open to all does not either."""
    answer = app.test_client().post(
        "/login", headers={"Authorization": "Basic x"}, base_url="http://localhost:8000"
    )
    assert answer.status_code == 400
    # feature: api
    program = Program(app)
    program.access_token = "not-a-token"
    assert program.sign_in(user, WRONG).json["code"] == "sign_in_refused"
    assert kinds(app)[-1] == "sign_in_refused"
    # endfeature


@pytest.fixture
def closed_doors(app: Flask) -> None:
    """Two pages that nobody may see, of which one has begun to write."""

    def half_done() -> None:
        db.session.add(SecurityEvent(kind="x", method="x", request_id="x", happened_at=None))
        raise access.NotAllowed

    def closed() -> None:
        raise access.NotAllowed

    app.add_url_rule("/closed", view_func=access.signed_in(closed))
    app.add_url_rule("/half-done", view_func=access.signed_in(half_done))


@pytest.mark.asvs("16.3.2")
@pytest.mark.parametrize("door", ["closed", "half-done"])
def test_a_refused_access_is_stored_and_nothing_else_of_it(
    app: Flask, closed_doors: None, signed_in: Browser, door: str
) -> None:
    assert signed_in.get(f"/{door}").status_code == 403
    *_, event = events(app)
    ada = public_id(app)
    assert (event.kind, event.account, event.actor) == ("access_refused", ada, ada)
    assert event.details == {"endpoint": door.replace("-", "_")}


@pytest.mark.asvs("16.3.2", "2.4.1")
def test_a_flood_of_refusals_is_one_row_a_minute_for_each_door(
    app: Flask, closed_doors: None, signed_in: Browser, moving_clock: Clock
) -> None:
    for _ in range(5):
        signed_in.get("/closed")
        signed_in.get("/half-done")
    assert kinds(app).count("access_refused") == 2
    moving_clock.forward(seconds=61)
    signed_in.get("/closed")
    assert kinds(app).count("access_refused") == 3


@pytest.mark.asvs("16.3.2", "2.4.1")
def test_a_flood_by_whoever_has_no_account_is_one_row_a_minute_too(
    app: Flask, moving_clock: Clock
) -> None:
    def refuse() -> None:
        with app.test_request_context():
            AccessRefused(user_id=None, endpoint="shelf.index").send()

    for _ in range(5):
        refuse()
    assert kinds(app) == ["access_refused"]
    moving_clock.forward(seconds=61)
    refuse()
    assert kinds(app) == ["access_refused"] * 2


def test_a_refusal_is_answered_when_the_log_is_broken(
    app: Flask, closed_doors: None, signed_in: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        db.session.execute(db.text("DROP TABLE security_event_origin"))
        db.session.commit()
    assert signed_in.get("/closed").status_code == 403
    assert "a refused access was not stored: OperationalError" in caplog.text
    assert "access_refused" not in kinds(app)


# --- What gets out --------------------------------------------------------------------------------


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize("path", [LOG, NOWHERE])
def test_a_stranger_sees_and_says_nothing(browser: Browser, path: str) -> None:
    sent = browser.get(path) if path == LOG else browser.submit(path, form="/login")
    assert (sent.status_code, sent.headers["Location"].split("?")[0]) == (303, "/login")


@pytest.mark.asvs("8.2.2", "16.4.2")
def test_another_persons_events_are_neither_seen_nor_disowned(
    app: Flask, signed_in: Browser, grace: Browser, mailbox: Mailbox
) -> None:
    address = buttons(signed_in)[0]
    before = (kinds(app), len(mailbox.mails()))
    refused = press(grace, address)
    assert (refused.status_code, refused.text) == (404, press(grace, NOWHERE).text)
    assert address not in grace.get(LOG).text
    assert signed_in.is_signed_in()
    assert grace.is_signed_in()
    assert (kinds(app), len(mailbox.mails())) == before


def test_what_a_stranger_did_cannot_be_disowned(app: Flask, signed_in: Browser) -> None:
    Browser(app).sign_in(ADA, WRONG)
    refused = events(app)[-1]
    assert refused.kind == "sign_in_refused"
    assert press(signed_in, f"{LOG}/{refused.public_id}/not-me").status_code == 404
    assert signed_in.is_signed_in()


def test_an_address_that_is_no_event_is_not_found(signed_in: Browser, case: Case) -> None:
    for part in ("1", "%00", "'--", "../x", "9" * 5000):
        with case(part=part):
            assert press(signed_in, f"{LOG}/{part}/not-me").status_code == 404


@pytest.mark.asvs("8.2.2")
def test_a_cursor_of_somebody_else_leads_to_ones_own_first_page(
    app: Flask, signed_in: Browser, grace: Browser
) -> None:
    for number in range(ON_A_PAGE):
        if number % 10 == 0:
            with app.app_context():
                limiter.reset()
        signed_in.submit("/reauthenticate", password=PASSWORD)
    (older,) = re.findall(r'rel="next" href="([^"]+)"', signed_in.get(LOG).text)
    assert signed_in.get(older).status_code == 200
    refused = grace.get(older)
    assert (refused.status_code, refused.headers["Location"]) == (303, LOG)
    assert titles(grace)[0] == "Signed in"


@pytest.mark.asvs("3.5.1")
def test_another_site_cannot_say_it_for_me(signed_in: Browser) -> None:
    address = buttons(signed_in)[0]
    assert signed_in.post(address).status_code == 400
    assert signed_in.get(address).status_code == 405
    assert signed_in.is_signed_in()


@pytest.mark.asvs("7.4.1")
def test_saying_it_again_with_the_old_cookie_does_nothing(
    app: Flask, signed_in: Browser, mailbox: Mailbox
) -> None:
    address, cookie = buttons(signed_in)[0], signed_in.cookie()
    token = signed_in.token(LOG)
    assert signed_in.post(address, {"csrf_token": token}).status_code == 303
    after = (kinds(app), len(mailbox.mails()))
    signed_in.put_cookie(cookie)
    replayed = signed_in.post(address, {"csrf_token": token})
    assert replayed.headers["Location"].split("?")[0] == "/login"
    assert (kinds(app), len(mailbox.mails())) == after


def test_saying_it_often_sends_no_flood_of_mails(
    app: Flask, user: str, new_browser: Callable[..., Browser], mailbox: Mailbox
) -> None:
    for number in range(8):
        browser = new_browser(f"203.0.113.{number}")
        assert browser.sign_in(user).status_code == 303
        assert press(browser, buttons(browser)[0]).status_code == 303
    links = [subject for _, subject, _ in mailbox.mails(user) if "password" in subject]
    assert 0 < len(links) <= 6


def test_a_half_finished_sign_in_ends_too(app: Flask, signed_in: Browser) -> None:
    from app.accounts.service import get_user
    from app.core.tokens import TokenRefused
    from app.login.attempt import Attempt, Origin, resume

    origin = Origin("203.0.113.7", "a thief")
    with app.app_context():
        secret = Attempt(get_user(ADA), ("pwd",), origin).park()
        db.session.commit()
    press(signed_in, buttons(signed_in)[0])
    with app.app_context(), pytest.raises(TokenRefused):
        resume(secret, origin)


# feature: api
@pytest.mark.asvs("8.2.2", "16.4.2")
def test_a_program_reads_and_disowns_only_its_own(
    app: Flask, signed_in_program: Program, new_program: Callable[..., Program], grace: Browser
) -> None:
    (mine, *_) = signed_in_program.get("/me/security-log").json["items"]
    assert (mine["kind"], mine["title"], mine["can_be_disowned"]) == (
        "signed_in",
        "Signed in",
        True,
    )
    other = new_program()
    other.sign_in(GRACE)
    assert mine["id"] not in other.get("/me/security-log").text
    refused = other.post(f"/me/security-log/{mine['id']}/not-me")
    assert (refused.status_code, refused.json["code"]) == (404, "no_such_event")
    assert signed_in_program.post(f"/me/security-log/{mine['id']}/not-me").status_code == 204
    assert signed_in_program.get("/me").status_code == 401
    assert other.is_signed_in()


REFUSED_QUERIES = ["cursor=x", "limit=0", "limit=101", "account=1", "cursor="]


def test_a_program_cannot_ask_for_more(signed_in_program: Program, case: Case) -> None:
    for query in REFUSED_QUERIES:
        with case(query=query):
            assert signed_in_program.get(f"/me/security-log?{query}").status_code == 422


# endfeature
@pytest.mark.asvs("16.4.2")
def test_no_code_changes_an_event() -> None:
    """Written once: a chain of hashes over the rows could be added, and would hold."""
    for path in (ROOT / "app").rglob("*.py"):
        code = path.read_text("utf-8")
        assert not re.search(r"update\(\s*SecurityEvent\b", code), path
    assert not SecurityEvent.__table__.foreign_keys, "an event must outlive"
