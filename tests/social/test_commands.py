"""The local provider at the terminal, and what the doctor says of the providers."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from app import create_app
from app.core.beside import PortTaken, announced
from app.core.project import ROOT
from app.social import health, local_server
from app.social.local import local_address
from tests.house.databases import free_port, until
from tests.social.conftest import Traveller
from tests.social.liar import CLIENT_ID, CLIENT_SECRET, Liar

KEYS = {"GOOGLE_CLIENT_ID": "id", "GOOGLE_CLIENT_SECRET": "secret"}
PRODUCTION = {
    "APP_ENV": "production",
    "PUBLIC_URL": "https://house.example.com",
    "SMTP_URL": "smtp://localhost:1025",
    "BCRYPT_ROUNDS": "10",
}


def answers(app: Flask) -> bool:
    """Tell whether the provider serves."""
    try:
        document = f"{local_address(app.config)}/.well-known/openid-configuration"
        return requests.get(document, timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """End with the test what would end with the process."""
    begun = []

    def remembering(*arguments: Any, **options: Any) -> Any:
        begun.append(open_server(*arguments, **options))
        return begun[-1]

    open_server = local_server.open_server
    monkeypatch.setattr(local_server, "open_server", remembering)
    yield
    for server in begun:
        server.shutdown()
        server.server_close()


def test_the_provider_is_there_as_soon_as_the_application(
    settings: dict[str, str], ended: None
) -> None:
    app = create_app({**settings, "SERVE_LOCAL_PROVIDER": "1"})
    assert ("Google and GitHub, played locally", local_address(app.config)) in announced(app)
    assert answers(app)


def test_a_port_in_use_is_named_with_the_setting_that_helps(
    settings: dict[str, str], ended: None
) -> None:
    settings["SERVE_LOCAL_PROVIDER"] = "1"
    port = settings["LOCAL_PROVIDER_PORT"]
    create_app(settings)
    with pytest.raises(PortTaken) as refused:
        create_app(settings)
    assert str(refused.value) == (
        f"Port {port}, for the local sign-in provider, is in use. Change LOCAL_PROVIDER_PORT."
    )


def test_without_its_package_the_application_is_served_alone(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.social.local.is_installed", lambda: False)
    app = create_app({**settings, "SERVE_LOCAL_PROVIDER": "1"})
    assert app.test_client().get("/health/live").status_code == 200
    assert not answers(app)
    assert "No local provider: install the packages for development" in capfd.readouterr().err


@pytest.mark.parametrize("changed", [KEYS, PRODUCTION], ids=["keys for all", "production"])
def test_where_nobody_is_to_be_played_no_provider_is_served(
    settings: dict[str, str], ended: None, changed: dict[str, str]
) -> None:
    asked = {"SERVE_LOCAL_PROVIDER": "1", "SOCIAL_PROVIDERS": "google"}
    assert not answers(create_app({**settings, **changed, **asked}))


@pytest.mark.process
def test_the_command_serves_until_it_is_interrupted(settings: dict[str, str]) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "social", "provider"]
    # A shell lets what it runs behind ignore Ctrl+C, and what ignores it hands that on.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    serving = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**settings, "PATH": "/usr/bin:/bin", "FLASK_SKIP_DOTENV": "1"},
    )
    signal.signal(signal.SIGINT, handler)
    try:
        app = create_app(settings)
        until(lambda: answers(app))
        serving.send_signal(signal.SIGINT)
        assert serving.wait(60) == 0
    finally:
        serving.kill()
        serving.wait()


def test_a_port_that_is_taken_is_said_in_one_line(app: Flask, local: None) -> None:
    ran = app.test_cli_runner().invoke(args=["social", "provider"])
    assert ran.exit_code == 1
    [*_, line] = ran.output.strip().splitlines()
    port = app.config["LOCAL_PROVIDER_PORT"]
    assert line == (
        f"Error: Something else listens on http://127.0.0.1:{port}: set LOCAL_PROVIDER_PORT."
    )


def test_the_page_of_the_provider_names_an_icon_that_is_there(
    app: Flask, traveller: Traveller
) -> None:
    """Else a browser asks for one by itself, and reports that there is none."""
    page = requests.get(traveller.leave("/social/google/start"), timeout=30)
    [icon] = re.findall(r'<link rel="icon" href="([^"]+)"', page.text)
    looks = [*re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text), icon]
    here = local_address(app.config)
    assert [requests.get(here + one, timeout=30).status_code for one in looks] == [200, 200, 200]
    assert requests.get(f"{here}/looks/nothing", timeout=30).status_code == 404


@pytest.mark.process
def test_what_a_provider_takes_is_loaded_when_one_is_gone_to(settings: dict[str, str]) -> None:
    code = (
        "import sys; from app import create_app; create_app(dict(x.split('=', 1) for x in "
        "sys.argv[1:])); sys.exit('authlib' in sys.modules or 'requests' in sys.modules)"
    )
    given = [f"{name}={value}" for name, value in settings.items()]
    done = subprocess.run([sys.executable, "-c", code, *given], cwd=ROOT, check=False)
    assert done.returncode == 0


def said(settings: dict[str, str], check: Callable[[], Iterable[str]]) -> list[str]:
    """Return what the doctor says of this feature."""
    with create_app(settings).app_context():
        return list(check())


def test_the_doctor_names_the_addresses_to_paste(settings: dict[str, str]) -> None:
    words = said({**settings, **PRODUCTION, **KEYS}, health.words)
    assert words[0] == (
        "Callback address for Google: https://house.example.com/social/google/callback"
    )
    assert words[1].startswith("github has no keys, so it has no button.")
    assert words[1].endswith(": https://house.example.com/social/github/callback")
    assert words[2].startswith("TRUSTED_PROXIES=0: right if")
    assert len(words) == 3
    proxied = {**settings, **PRODUCTION, **KEYS, "TRUSTED_PROXIES": "1"}
    assert said(proxied, health.words) == words[:2]


def test_the_doctor_finds_nothing_where_a_provider_answers(settings: dict[str, str]) -> None:
    liar = Liar()
    acme = {
        "SOCIAL_PROVIDERS": "acme",
        "ACME_CLIENT_ID": CLIENT_ID,
        "ACME_CLIENT_SECRET": CLIENT_SECRET,
        "ACME_URL": liar.url,
    }
    try:
        assert said({**settings, **acme}, health.doctor) == []
        liar.faults["discovery"] = "of another issuer"
        [fault] = said({**settings, **acme}, health.doctor)
        assert fault.startswith(f"Acme is not reached at {liar.url}")
        assert fault.endswith("check ACME_URL and the way out of this machine.")
    finally:
        liar.close()


def test_the_doctor_finds_wrong_hosts_proxies_and_cookies(settings: dict[str, str]) -> None:
    gone = {**KEYS, "GOOGLE_URL": f"http://127.0.0.1:{free_port()}", "SOCIAL_PROVIDERS": "google"}
    faults = said({**settings, **PRODUCTION, **gone}, health.doctor)
    assert [fault.split(" ")[0] for fault in faults] == ["Google"]
    here = {**PRODUCTION, "PUBLIC_URL": "http://127.0.0.1:8000", **gone}
    faults = said({**settings, **here}, health.doctor)
    assert faults[0].startswith("PUBLIC_URL should name localhost")
    assert faults[1].startswith("PUBLIC_URL names this machine")
    app = create_app({**settings, **gone})
    app.config["SESSION_COOKIE_SAMESITE"] = "Strict"
    app.config["SESSION_COOKIE_SECURE"] = True
    with app.app_context():
        faults = list(health.doctor())
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
    example = (Path(ROOT) / ".env.example").read_text("utf-8")
    app = create_app(settings)
    for line in example.splitlines():
        if line and not line.startswith("#"):
            assert line.partition("=")[0] in app.config, line
