"""A program sees and ends sign-ins, and what it must never reach."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.core.limits import limiter
from app.core.throttle import FREE_TRIES
from app.extensions import db
from app.login.models import LoginSession
from tests.conftest import PASSWORD, Browser, Clock, Mailbox, Program, without_chance
from tests.devices.conftest import ADA, names, told
from tests.tables import Case

DEVICES = "/me/devices"
NOWHERE = f"{DEVICES}/{UUID(int=1)}"
WRONG = "not-the-password-of-anybody"


def others(program: Program) -> list[dict[str, Any]]:
    """Return the sign-ins that a program sees besides its own."""
    return [one for one in program.get(DEVICES).json["items"] if not one["is_here"]]


def as_client(program: Program, agent: str) -> Program:
    """Let a program call itself something."""
    program.client.environ_base["HTTP_USER_AGENT"] = agent
    return program


@pytest.fixture
def later(user: str, moving_clock: Clock) -> None:
    """Not the first minutes after the address was confirmed, of which no mail is sent."""
    moving_clock.forward(hours=1)


@pytest.fixture
def grace(app: Flask, new_program: Callable[..., Program]) -> Program:
    """A program of somebody else."""
    with app.app_context():
        accounts.create(email="grace@example.com", name="Grace", password=PASSWORD, confirmed=True)
        db.session.commit()
    program = new_program()
    assert program.sign_in("grace@example.com").status_code == 200
    return program


def test_a_program_sees_itself_and_the_browser(
    laptop: Browser, program: Program, user: str
) -> None:
    as_client(program, "curl/8.5.0").sign_in(user)
    here, there = program.get(DEVICES).json["items"]
    assert set(here) == {
        "id",
        "kind",
        "name",
        "address",
        "signed_in_at",
        "last_seen_at",
        "methods",
        "is_here",
    }
    assert (here["name"], here["kind"], here["is_here"]) == ("curl 8", "program", True)
    assert (there["name"], there["kind"]) == ("Firefox 131 on Linux", "browser")


def test_the_page_calls_a_program_a_program(
    laptop: Browser, phone: Browser, program: Program, user: str
) -> None:
    as_client(program, "python-httpx/0.27.0").sign_in(user)
    assert "python-httpx 0" in names(laptop)
    page = laptop.get("/account/devices").text
    assert page.count("A program. Last seen") == 1
    assert "A browser." not in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("python-httpx/0.27.0", "python-httpx 0"),
        ("backup-job/2.1 (+https://example.com) Python/3.11", "backup-job 2"),
        ("", "Unknown program"),
        ("Mozilla/5.0", "Unknown program"),
    ],
)
def test_the_mail_calls_a_program_a_program(
    laptop: Browser, program: Program, mailbox: Mailbox, agent: str, name: str
) -> None:
    as_client(program, agent).sign_in(ADA)
    (text,) = told(mailbox, ADA)
    assert "from a program that it does not know yet" in text
    assert f"Device: {name}\n" in text


def test_a_program_that_sends_its_device_is_known(
    later: None, program: Program, new_program: Callable[..., Program], mailbox: Mailbox, user: str
) -> None:
    program.sign_in(user)
    assert len(told(mailbox, user)) == 1
    program.sign_in(user)
    assert len(told(mailbox, user)) == 1
    new_program().sign_in(user)
    assert len(told(mailbox, user)) == 2


def test_a_program_ends_a_browser_and_nothing_else(
    laptop: Browser, phone: Browser, signed_in_program: Program
) -> None:
    (newest, _) = others(signed_in_program)
    assert signed_in_program.call("DELETE", f"{DEVICES}/{newest['id']}").status_code == 204
    assert not phone.is_signed_in()
    assert laptop.is_signed_in()


def test_a_browser_ends_a_program(
    laptop: Browser, program: Program, user: str, mailbox: Mailbox
) -> None:
    program.sign_in(user)
    laptop.submit("/account/devices/end-others", "/account/devices")
    assert not program.is_signed_in()
    assert program.refresh().status_code == 401


def test_all_others_are_ended_and_this_one_goes_on(
    laptop: Browser, phone: Browser, signed_in_program: Program
) -> None:
    assert signed_in_program.post(f"{DEVICES}/end-others").status_code == 204
    assert others(signed_in_program) == []
    assert not laptop.is_signed_in()


def test_the_mailed_link_is_taken_from_a_program(
    laptop: Browser, phone: Browser, program: Program, mailbox: Mailbox
) -> None:
    token = mailbox.last_link().rpartition("/")[2]
    assert program.post("/auth/not-me", {"token": token}).json == {"ended": True}
    assert not phone.is_signed_in()


def test_walking_finds_each_once_on_each_database(served: Flask, moving_clock: Clock) -> None:
    with served.app_context():
        accounts.create(email=ADA, name="Ada", password=PASSWORD, confirmed=True)
        db.session.commit()
    program = Program(served)
    program.sign_in(ADA)
    copies(served, 30, moving_clock)
    whole = program.get(f"{DEVICES}?limit=100").json["items"]
    assert len(whole) == 31 - 6  # some were left alone for too long
    for limit in (1, 7, 24, 25):
        assert walk(program, limit) == whole


def copies(app: Flask, count: int, clock: Clock) -> None:
    """Sign somebody in many times in two moments; every fifth was left alone since long."""
    with app.app_context():
        row = db.session.scalars(select(LoginSession)).one()
        same = ("user_id", "expires_at", "idle_seconds", "address", "user_agent")
        same += ("device_hash", "amr", "kind", "authenticated_at")
        values = {name: getattr(row, name) for name in same}
        for n in range(count):
            values["created_at"] = row.created_at.replace(microsecond=n % 2)
            long_ago = row.last_seen_at.replace(year=2020)
            values["last_seen_at"] = long_ago if n % 5 == 0 else row.last_seen_at
            db.session.add(LoginSession(**values, secret_hash=f"{n}"))
        db.session.commit()


def walk(program: Program, limit: int) -> list[dict[str, Any]]:
    """Turn all pages."""
    found: list[dict[str, Any]] = []
    cursor = ""
    for _ in range(100):  # a cursor that goes nowhere must not turn pages for ever
        page = program.get(f"{DEVICES}?limit={limit}{cursor}").json
        assert len(page["items"]) <= limit
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
    pytest.fail("the pages have no end")


# --- Refusals -------------------------------------------------------------------------------------


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", DEVICES), ("DELETE", NOWHERE), ("POST", f"{DEVICES}/end-others")]
)
def test_a_stranger_sees_and_ends_nothing(
    laptop: Browser, program: Program, method: str, path: str
) -> None:
    answer = program.call(method, path)
    assert (answer.status_code, answer.json["code"]) == (401, "credentials_missing")
    assert laptop.is_signed_in()


@pytest.mark.asvs("8.2.2")
def test_a_foreign_an_ended_and_an_unknown_sign_in_are_refused_alike(
    laptop: Browser, phone: Browser, signed_in_program: Program, grace: Program
) -> None:
    foreign, over = (f"{DEVICES}/{one['id']}" for one in others(signed_in_program))
    signed_in_program.call("DELETE", over)
    answers = [
        grace.call("DELETE", foreign),
        signed_in_program.call("DELETE", over),
        signed_in_program.call("DELETE", f"{DEVICES}/{uuid4()}"),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json["code"]) == (404, "no_such_device")
        assert without_chance(answer) == without_chance(answers[0])
        assert answer.data == answers[0].data
    assert phone.is_signed_in()


@pytest.mark.asvs("8.2.2")
def test_the_sign_ins_of_somebody_else_are_neither_listed_nor_ended_with_all(
    laptop: Browser, phone: Browser, grace: Program
) -> None:
    assert others(grace) == []
    grace.post(f"{DEVICES}/end-others")
    assert phone.is_signed_in()


@pytest.mark.asvs("8.2.2")
def test_a_cursor_of_another_list_or_person_is_refused(
    laptop: Browser, phone: Browser, signed_in_program: Program, grace: Program
) -> None:
    cursor = signed_in_program.get(f"{DEVICES}?limit=1").json["next_cursor"]
    answer = grace.get(f"{DEVICES}?cursor={cursor}")
    assert (answer.status_code, set(answer.json["errors"])) == (422, {"cursor"})


NO_IDS = ["1", "%00", "'--", "../me", "9" * 5000, "end-others", "%2e%2e"]


def test_an_id_that_is_none_is_refused_as_an_address(
    signed_in_program: Program, case: Case
) -> None:
    for part in NO_IDS:
        with case(part=part):
            answer = signed_in_program.call("DELETE", f"{DEVICES}/{part}")
            assert answer.status_code in (404, 405)
            assert answer.mimetype == "application/problem+json"


@pytest.mark.asvs("7.5.2")
@pytest.mark.parametrize("by", ["one", "others", "all"])
def test_a_device_is_not_ended_without_fresh_proof(
    laptop: Browser, signed_in_program: Program, moving_clock: Clock, by: str
) -> None:
    (one,) = others(signed_in_program)
    moving_clock.forward(minutes=11)
    method, path = {
        "one": ("DELETE", f"{DEVICES}/{one['id']}"),
        "others": ("POST", f"{DEVICES}/end-others"),
        "all": ("POST", "/auth/logout-all"),
    }[by]
    answer = signed_in_program.call(method, path)
    assert (answer.status_code, answer.json["code"]) == (403, "reauthentication_required")
    assert laptop.is_signed_in()
    signed_in_program.keep(signed_in_program.post("/auth/reauthenticate", {"password": PASSWORD}))
    assert signed_in_program.call(method, path).status_code == 204
    assert not laptop.is_signed_in()


@pytest.mark.asvs("6.3.5")
@pytest.mark.parametrize("device", ["made-up", "x" * 128])
def test_a_device_that_was_made_up_keeps_no_mail_back(
    later: None, program: Program, mailbox: Mailbox, user: str, device: str
) -> None:
    program.sign_in(user)
    thief = Program(program.client.application)
    thief.sign_in(user, device=device)
    assert len(told(mailbox, user)) == 2


@pytest.mark.asvs("6.3.5")
def test_the_device_of_somebody_else_keeps_no_mail_back(
    later: None, program: Program, grace: Program, mailbox: Mailbox, user: str
) -> None:
    grace.access_token = ""
    grace.sign_in(user)
    assert len(told(mailbox, user)) == 1


@pytest.mark.asvs("6.1.1")
def test_guesses_of_strangers_do_not_keep_the_owners_program_out(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    signed_in_program.access_token = ""
    for _ in range(FREE_TRIES):
        Program(app).sign_in(user, WRONG)
    with app.app_context():
        limiter.reset()
    assert Program(app).sign_in(user).status_code == 429
    assert signed_in_program.sign_in(user).status_code == 200


@pytest.mark.asvs("6.3.1")
def test_a_known_device_has_no_endless_tries(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    signed_in_program.access_token = ""
    for _ in range(FREE_TRIES):
        signed_in_program.sign_in(user, WRONG)
    with app.app_context():
        limiter.reset()
    assert signed_in_program.sign_in(user).status_code == 429


@pytest.mark.asvs("6.4.1")
def test_the_mailed_link_is_refused_the_second_time(
    laptop: Browser, phone: Browser, program: Program, mailbox: Mailbox
) -> None:
    token = mailbox.last_link().rpartition("/")[2]
    assert program.post("/auth/not-me", {"token": token}).status_code == 200
    again = program.post("/auth/not-me", {"token": token})
    assert (again.status_code, again.json["code"]) == (410, "link_refused")


def test_a_link_of_another_kind_is_refused(program: Program, case: Case) -> None:
    for value in (None, 1, True, [], {}, "", "x" * 5000):
        with case(value=value):
            answer = program.post("/auth/not-me", {"token": value})
            assert (answer.status_code, set(answer.json["errors"])) == (422, {"token"})


def test_a_link_for_something_else_is_refused(
    program: Program, browser: Browser, mailbox: Mailbox
) -> None:
    browser.register("new@example.com")
    token = mailbox.last_link().rpartition("/")[2]
    assert program.post("/auth/not-me", {"token": token}).status_code == 410
    assert browser.get(f"/confirm-email/{token}").status_code == 200


@pytest.mark.asvs("7.2.3")
def test_the_list_shows_no_secret_and_no_number_of_a_row(
    app: Flask, laptop: Browser, phone: Browser, signed_in_program: Program
) -> None:
    answer = signed_in_program.get(f"{DEVICES}?limit=1")
    shown = answer.text
    assert signed_in_program.device not in shown
    with app.app_context():
        for row in db.session.scalars(select(LoginSession)):
            assert row.secret_hash not in shown
            assert row.device_hash not in shown
    assert "user_id" not in shown


def test_the_list_costs_one_query(
    app: Flask, phone: Browser, signed_in_program: Program, statements: list[str]
) -> None:
    statements.clear()
    assert signed_in_program.get(f"{DEVICES}?limit=1").status_code == 200
    assert len(statements) == 2, statements  # who is asking, and the list


@pytest.mark.asvs("3.2.2")
@pytest.mark.parametrize(
    "agent", ["<script>alert(1)</script>/1", "evil.example/1", "call-555-0100-now-to-keep-it-all/1"]
)
def test_a_name_that_acts_or_lies_is_not_told(
    laptop: Browser, program: Program, mailbox: Mailbox, agent: str
) -> None:
    as_client(program, agent).sign_in(ADA)
    (text,) = told(mailbox, ADA)
    assert "Device: Unknown program\n" in text
    assert program.get(DEVICES).json["items"][0]["name"] == "Unknown program"
