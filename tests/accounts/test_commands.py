"""`flask accounts`: what an owner does at the terminal."""

import json
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.accounts import service
from app.accounts.health import doctor
from tests.conftest import PASSWORD, Browser, Mailbox


def test_an_account_is_made_listed_switched_off_and_on(app: Flask) -> None:
    run = app.test_cli_runner()
    made = run.invoke(
        args=["accounts", "create", "Ada@Example.com", "--confirmed", "--password-stdin"],
        input=f"{PASSWORD}\n",
    )
    assert made.exit_code == 0, made.output
    assert "ada@example.com\tactive\tada" in run.invoke(args=["accounts", "list"]).output
    assert run.invoke(args=["accounts", "deactivate", "ada@example.com"]).exit_code == 0
    assert "\toff\t" in run.invoke(args=["accounts", "list"]).output
    assert run.invoke(args=["accounts", "activate", "ada@example.com"]).exit_code == 0
    with app.app_context():
        assert service.check_credentials("ada@example.com", PASSWORD)


def test_an_account_is_confirmed(app: Flask) -> None:
    run = app.test_cli_runner()
    run.invoke(args=["accounts", "create", "a@example.com", "--password-stdin"], input=PASSWORD)
    assert "not confirmed" in run.invoke(args=["accounts", "list"]).output
    run.invoke(args=["accounts", "confirm", "a@example.com"])
    assert "active" in run.invoke(args=["accounts", "list"]).output


def test_bad_input_is_one_sentence(app: Flask, user: str) -> None:
    run = app.test_cli_runner()
    for args, given, sentence in (
        (["create", "x", "--password-stdin"], PASSWORD, "Write a whole address"),
        (["create", "n@example.com", "--password-stdin"], "", "holds no password"),
        (["create", "n@example.com", "--password-stdin"], "short", "at least 15"),
        (["create", user, "--password-stdin"], PASSWORD, "There is an account"),
        (["create", "n@example.com", "--name", "a\nb"], PASSWORD, "Use one line"),
        (["create", "n@example.com"], "", "give --password-stdin"),
        (["confirm", "n@example.com"], "", "There is no account"),
        (["deactivate", "n@example.com"], "", "There is no account"),
    ):
        result = run.invoke(args=["accounts", *args], input=given)
        assert result.exit_code != 0
        assert sentence in result.output
        assert "Traceback" not in result.output


def test_a_password_is_never_an_argument(app: Flask) -> None:
    result = app.test_cli_runner().invoke(
        args=["accounts", "create", "a@example.com", "--password", PASSWORD]
    )
    assert result.exit_code == 2
    assert "No such option" in result.output


def test_a_database_that_does_not_answer_is_seen(settings: dict[str, str], tmp_path: Path) -> None:
    broken = create_app({**settings, "DATABASE_URL": f"sqlite:///{tmp_path}/missing/folder.db"})
    answer = Browser(broken).get("/health/ready")
    assert (answer.status_code, answer.json) == (503, {"status": "unready"})
    with broken.app_context():
        (fault,) = doctor()
    assert "check DATABASE_URL" in fault


@pytest.mark.asvs("6.3.2")
def test_a_fresh_database_has_no_account(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["accounts", "list"]).output == ""


def test_a_person_gets_all_that_is_known_of_them(app: Flask, browser: Browser, user: str) -> None:
    browser.sign_in(user)  # feature: login
    told = app.test_cli_runner().invoke(args=["accounts", "export", user])
    known = json.loads(told.output)
    assert known["accounts"]["email"] == user
    assert known["accounts"]["name"] == "Ada Lovelace"
    assert known["login"]["sessions"][0]["methods"] == ["pwd"]  # feature: login
    assert "hash" not in told.output


def test_an_account_is_erased_with_all_that_belongs_to_it(app: Flask, mailbox: Mailbox) -> None:
    browser, run = Browser(app), app.test_cli_runner()
    browser.register("ada@example.com")
    browser.register("grace@example.com")
    asked = run.invoke(args=["accounts", "erase", "ada@example.com"], input="n\n")
    assert asked.exit_code == 1
    assert len(mailbox.mails("ada@example.com")) == 1
    done = run.invoke(args=["accounts", "erase", "ada@example.com", "--yes"])
    assert done.exit_code == 0, done.output
    assert mailbox.mails("ada@example.com") == []
    assert len(mailbox.mails("grace@example.com")) == 1
    assert "ada@example.com" not in run.invoke(args=["accounts", "list"]).output
    assert (
        "There is no account" in run.invoke(args=["accounts", "export", "ada@example.com"]).output
    )
