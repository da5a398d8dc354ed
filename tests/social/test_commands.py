"""The local provider at the terminal, and what the doctor says of the providers."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from flask import Flask

from app import config, create_app
from app.core.house import house
from tests.social.conftest import free_port
from tests.social.liar import CLIENT_ID, CLIENT_SECRET, Liar

KEYS = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://house.example.com",
    "SMTP_URL": "smtp://localhost:1025",
    "BCRYPT_ROUNDS": "10",
}


def start(settings: dict[str, str], *options: str) -> subprocess.Popen[str]:
    """Begin the provider beside a process that waits for a line, and return that process.

    The shell stands where `make run` has the application: it begins the one and goes on.
    """
    command = f'"{sys.executable}" -m flask --app wsgi social provider {" ".join(options)} & read _'
    return subprocess.Popen(
        ["sh", "-c", command],
        cwd=config.ROOT,
        env={**settings, "PATH": "/usr/bin:/bin", "FLASK_SKIP_DOTENV": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def answers(port: str) -> bool:
    """Tell whether the provider serves."""
    try:
        document = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
        return requests.get(document, timeout=2).status_code == 200
    except requests.ConnectionError:
        return False


def wait_until(true: bool, port: str) -> bool:
    """Wait a while for the provider to serve, or to be gone."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if answers(port) is true:
            return True
        time.sleep(0.1)
    return False


def test_the_provider_ends_with_what_began_it(settings: dict[str, str]) -> None:
    port = settings["LOCAL_PROVIDER_PORT"]
    beginner = start(settings, "--beside $$")
    try:
        assert wait_until(True, port)
    finally:
        assert beginner.stdin
        beginner.stdin.close()
        beginner.wait(10)
    assert wait_until(False, port), "it stayed behind"
    assert beginner.stdout
    beginner.stdout.close()


def test_the_provider_does_not_outlive_what_ended_before_it_served(
    settings: dict[str, str],
) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "social", "provider"]
    done = subprocess.run(
        [*command, "--beside", "1"],  # whose child it is not, or not any more
        cwd=config.ROOT,
        env={**settings, "PATH": "/usr/bin:/bin", "FLASK_SKIP_DOTENV": "1"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0


def test_with_keys_for_all_no_provider_is_begun_beside(settings: dict[str, str]) -> None:
    app = create_app({**settings, **KEYS, "SOCIAL_PROVIDERS": "google"})
    ran = app.test_cli_runner().invoke(args=["social", "provider", "--beside", "1"])
    assert (ran.exit_code, ran.output) == (0, "")


def test_a_port_that_is_taken_is_said_in_one_line(app: Flask, local: None) -> None:
    ran = app.test_cli_runner().invoke(args=["social", "provider"])
    assert ran.exit_code == 1
    [*_, line] = ran.output.strip().splitlines()
    port = app.config["LOCAL_PROVIDER_PORT"]
    assert line == (
        f"Error: Something else listens on http://127.0.0.1:{port}: set LOCAL_PROVIDER_PORT."
    )


def test_what_a_provider_takes_is_loaded_when_one_is_gone_to(settings: dict[str, str]) -> None:
    code = (
        "import sys; from app import create_app; create_app(dict(x.split('=', 1) for x in "
        "sys.argv[1:])); sys.exit('authlib' in sys.modules or 'requests' in sys.modules)"
    )
    given = [f"{name}={value}" for name, value in settings.items()]
    done = subprocess.run([sys.executable, "-c", code, *given], cwd=config.ROOT, check=False)
    assert done.returncode == 0


def said(settings: dict[str, str], part: str) -> list[str]:
    """Return what the doctor says of this feature."""
    with create_app(settings).app_context():
        feature = next(one for one in house().features if one.name == "social")
        return list(feature.part(getattr(feature, part))())


def test_the_doctor_names_the_addresses_to_paste(settings: dict[str, str]) -> None:
    words = said({**settings, **PRODUCTION, **KEYS}, "doctor_tells")
    assert words[0] == (
        "Callback address for Google: https://house.example.com/social/google/callback"
    )
    assert words[1].startswith("github has no keys, so it has no button.")
    assert words[1].endswith(": https://house.example.com/social/github/callback")
    assert words[2].startswith("TRUSTED_PROXIES=0: right if")
    assert len(words) == 3
    proxied = {**settings, **PRODUCTION, **KEYS, "TRUSTED_PROXIES": "1"}
    assert said(proxied, "doctor_tells") == words[:2]


def test_the_doctor_finds_nothing_where_a_provider_answers(settings: dict[str, str]) -> None:
    liar = Liar()
    acme = {
        "SOCIAL_PROVIDERS": "acme",
        "ACME_CLIENT_ID": CLIENT_ID,
        "ACME_CLIENT_SECRET": CLIENT_SECRET,
        "ACME_URL": liar.url,
    }
    try:
        assert said({**settings, **acme}, "doctor") == []
        liar.faults["discovery"] = "of another issuer"
        [fault] = said({**settings, **acme}, "doctor")
        assert fault.startswith(f"Acme is not reached at {liar.url}")
        assert fault.endswith("check ACME_URL and the way out of this machine.")
    finally:
        liar.close()


def test_the_doctor_finds_wrong_hosts_proxies_and_cookies(settings: dict[str, str]) -> None:
    gone = {**KEYS, "GOOGLE_URL": f"http://127.0.0.1:{free_port()}", "SOCIAL_PROVIDERS": "google"}
    faults = said({**settings, **PRODUCTION, **gone}, "doctor")
    assert [fault.split(" ")[0] for fault in faults] == ["Google"]
    here = {**PRODUCTION, "PUBLIC_URL": "http://127.0.0.1:8000", **gone}
    faults = said({**settings, **here}, "doctor")
    assert faults[0].startswith("PUBLIC_URL should name localhost")
    assert faults[1].startswith("PUBLIC_URL names this machine")
    app = create_app({**settings, **gone})
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    app.config["SESSION_COOKIE_SECURE"] = True
    with app.app_context():
        feature = next(one for one in house().features if one.name == "social")
        faults = list(feature.part("health:doctor")())
    assert faults[0].startswith("SESSION_COOKIE_SAMESITE must be Lax")
    assert faults[1].startswith("SESSION_COOKIE_SECURE does not fit")


REFUSED = {
    "a name twice": ({"SOCIAL_PROVIDERS": "google,google"}, "SOCIAL_PROVIDERS"),
    "a name that is none": ({"SOCIAL_PROVIDERS": "my site"}, "SOCIAL_PROVIDERS"),
    "a secret alone": ({"GITHUB_CLIENT_SECRET": "x"}, "GITHUB_CLIENT_SECRET"),
    "a name alone": ({"GITHUB_CLIENT_ID": "x"}, "GITHUB_CLIENT_SECRET"),
    "no address": (
        {"SOCIAL_PROVIDERS": "acme", "ACME_CLIENT_ID": "x", "ACME_CLIENT_SECRET": "x"},
        "ACME_URL",
    ),
    "an address in the open": ({"GOOGLE_URL": "http://accounts.example.com"}, "GOOGLE_URL"),
    "an address that is none": ({"GOOGLE_URL": "accounts"}, "GOOGLE_URL"),
    "two lines": ({"GOOGLE_LABEL": "Go\nogle"}, "GOOGLE_LABEL"),
    "a port beyond the last": ({"LOCAL_PROVIDER_PORT": "70000"}, "LOCAL_PROVIDER_PORT"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_settings_that_cannot_be_are_refused_by_name(settings: dict[str, str], case: str) -> None:
    from app.core.settings import SettingsRefused

    wrong, named = REFUSED[case]
    with pytest.raises(SettingsRefused) as refusal:
        create_app({**settings, **wrong})
    assert [fault.setting for fault in refusal.value.faults] == [named]


def test_every_setting_of_the_example_is_one(settings: dict[str, str]) -> None:
    """Those that follow from the names of the providers included."""
    example = (Path(config.ROOT) / ".env.example").read_text("utf-8")
    app = create_app(settings)
    for line in example.splitlines():
        if line and not line.startswith("#"):
            assert line.partition("=")[0] in app.config, line
