"""No way to another password is a way round the policy, or round the look-up of leaked ones."""

import hashlib
from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.extensions import db
from tests.conftest import PASSWORD, Browser
from tests.passwords.conftest import NEW_PASSWORD
from tests.passwords.leaks import Leaks
from tests.tables import Case

Ask = Callable[[Browser, str], str]


@pytest.fixture(params=["reset", "change"])
def path(request: pytest.FixtureRequest, signed_in: Browser, user: str, ask: Ask) -> str:
    """Each page on which somebody who is signed in can get another password."""
    return ask(signed_in, user) if request.param == "reset" else "/account/password"


GUESSABLE = [
    ("fourteen-chars", "Use at least 15 characters; this has 14."),
    ("x" * 257, "Use at most 256 characters."),
    ("passwordpassword", "lists that attackers try first"),
    ("Ada Lovelace 1815!", "a name that others can see"),
    ("Ada@Example.com", "a name that others can see"),
    ("Example House 2026", "a name that others can see"),
]


@pytest.mark.asvs("6.2.1", "6.2.4", "6.2.11")
def test_a_password_that_others_would_guess_is_refused(
    signed_in: Browser, path: str, case: Case
) -> None:
    for password, reason in GUESSABLE:
        with case(password=password, reason=reason):
            page = signed_in.submit(path, password=password, current=PASSWORD)
            assert page.status_code == 422
            assert reason in page.text
            assert password not in page.text
            assert signed_in.is_signed_in()


@pytest.mark.asvs("6.2.5", "6.2.8", "6.2.9")
@pytest.mark.parametrize(
    "password",
    [
        "  leading blanks and trailing  ",
        "nul\0byte-lantern-maple",
        "шар-фонарь-клён-тихо",
        "🦉🌙🍁🔭🐿🪵🫐🧭🎻🪁🥨🧵🛶🪂🌋",
        ("orbit lantern, maple; quiet. " * 9)[:255],
    ],
    ids=["blanks", "nul", "cyrillic", "emoji", "255"],
)
def test_nothing_of_an_odd_password_is_cut(
    app: Flask, signed_in: Browser, user: str, path: str, password: str
) -> None:
    odd = f"{password}q"
    assert signed_in.submit(path, current=PASSWORD, password=odd).status_code == 303
    assert Browser(app).sign_in(user, password).status_code == 422
    assert Browser(app).sign_in(user, odd).status_code == 303


@pytest.mark.parametrize("new", ["cafe\u0301-lantern-maple-quiet", "caf\u00e9-lantern-maple-quiet"])
def test_the_current_password_is_refused_as_a_new_one_in_any_spelling(
    app: Flask, browser: Browser, new: str
) -> None:
    current = "caf\u00e9-lantern-maple-quiet"
    with app.app_context():
        accounts.create(email="e@example.com", name="E", password=current, confirmed=True)
        db.session.commit()
    browser.sign_in("e@example.com", current)
    page = browser.submit("/account/password", current=current, password=new)
    assert page.status_code == 422
    assert "This is the password you have." in page.text


@pytest.fixture
def looked_up(app: Flask, user: str, leaks: Leaks) -> Leaks:
    """A house that looks new passwords up, and a service that knows one of them."""
    app.config["BREACH_LOOKUP_URL"] = leaks.address
    leaks.knows(NEW_PASSWORD)
    return leaks


@pytest.mark.asvs("6.2.12")
def test_a_leaked_password_is_refused_on_the_pages_of_an_account(
    looked_up: Leaks, signed_in: Browser, path: str
) -> None:
    page = signed_in.submit(path, current=PASSWORD, password=NEW_PASSWORD)
    assert page.status_code == 422
    assert "This has leaked from another site. Four words" in page.text
    assert len(looked_up.paths) == 1
    done = signed_in.submit(path, current=PASSWORD, password="gravel-tulip-ninety-cloud")
    assert done.status_code == 303
    assert len(looked_up.paths) == 2


@pytest.mark.asvs("6.2.12")
def test_a_leaked_password_is_refused_at_registration(looked_up: Leaks, browser: Browser) -> None:
    page = browser.register("new@example.com", NEW_PASSWORD)
    assert page.status_code == 422
    assert "This has leaked from another site." in page.text
    assert len(looked_up.paths) == 1
    assert browser.register("new@example.com", PASSWORD).status_code == 303


@pytest.mark.asvs("6.2.12")
def test_a_leaked_password_is_refused_as_a_first_one(
    looked_up: Leaks, without_password: Browser
) -> None:
    assert without_password.submit("/account/password", password=NEW_PASSWORD).status_code == 422


@pytest.mark.asvs("6.2.12")
def test_a_leaked_password_is_refused_at_the_terminal(looked_up: Leaks, app: Flask) -> None:
    made = app.test_cli_runner().invoke(
        args=["accounts", "create", "a@example.com", "--password-stdin"], input=NEW_PASSWORD
    )
    assert made.exit_code == 1
    assert "This has leaked from another site." in made.output


def test_what_is_refused_anyway_is_not_looked_up(
    looked_up: Leaks, signed_in: Browser, path: str
) -> None:
    signed_in.submit(path, current=PASSWORD, password="passwordpassword")
    signed_in.submit(path, current=PASSWORD, password="short")
    signed_in.submit(path, suggest="1")
    assert looked_up.paths == []


@pytest.mark.asvs("6.2.12")
def test_a_service_that_is_down_opens_no_gap_in_the_lists(
    app: Flask,
    looked_up: Leaks,
    signed_in: Browser,
    path: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    looked_up.answers = "status"
    page = signed_in.submit(path, current=PASSWORD, password="passwordpassword")
    assert page.status_code == 422
    assert signed_in.submit(path, current=PASSWORD, password=NEW_PASSWORD).status_code == 303
    lines = [line for line in "".join(capsys.readouterr()).splitlines() if "look-up" in line]
    assert len(lines) == 1
    assert "WARNING" in lines[0]
    assert "status 500" in lines[0]
    digits = hashlib.sha1(NEW_PASSWORD.encode()).hexdigest()  # noqa: S324 - the service's protocol
    for secret in (NEW_PASSWORD, digits[:5], digits[5:]):
        assert secret not in lines[0].lower()


def test_without_an_address_nothing_leaves_the_house(
    app: Flask, leaks: Leaks, signed_in: Browser, path: str
) -> None:
    assert app.config["BREACH_LOOKUP_URL"] == ""
    leaks.knows(NEW_PASSWORD)
    assert signed_in.submit(path, current=PASSWORD, password=NEW_PASSWORD).status_code == 303
    assert leaks.paths == []
