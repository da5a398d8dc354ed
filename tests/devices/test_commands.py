"""`flask devices`: list, end, purge."""

import pytest
from flask import Flask

from tests.conftest import Browser, Clock


def run(app: Flask, *arguments: str) -> str:
    """Run a command that succeeds and return what it says."""
    done = app.test_cli_runner().invoke(args=["devices", *arguments])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_the_devices_of_an_account_are_listed(app: Flask, phone: Browser, user: str) -> None:
    lines = [line.split("\t") for line in run(app, "list", user).splitlines()]
    assert [line[:2] for line in lines] == [
        ["Chrome 130 on Windows", "203.0.113.7"],
        ["Firefox 131 on Linux", "127.0.0.1"],
    ]


@pytest.mark.asvs("7.4.5")
def test_every_sign_in_of_an_account_is_ended(
    app: Flask, laptop: Browser, phone: Browser, user: str
) -> None:
    assert "sign-ins ended: 2" in run(app, "end", user.upper())
    assert not laptop.is_signed_in()
    assert not phone.is_signed_in()
    assert run(app, "list", user) == ""


def test_what_is_over_is_purged(
    app: Flask, laptop: Browser, phone: Browser, moving_clock: Clock
) -> None:
    assert "over: 0" in run(app, "purge")
    phone.sign_out()
    assert "over: 1" in run(app, "purge")
    assert laptop.is_signed_in()
    moving_clock.forward(days=32)
    assert "over: 1" in run(app, "purge")


@pytest.mark.parametrize("command", ["list", "end"])
def test_an_unknown_account_is_one_sentence(app: Flask, command: str) -> None:
    done = app.test_cli_runner().invoke(args=["devices", command, "nobody@example.com"])
    assert done.exit_code == 1
    assert done.output == "Error: There is no account for nobody@example.com.\n"
