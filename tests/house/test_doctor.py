"""`flask doctor` speaks when nothing else does, and serving refuses in one readable message."""

import os
import subprocess
import sys
from pathlib import Path  # feature: accounts

import pytest
from flask import Flask  # feature: accounts
from sqlalchemy.exc import OperationalError  # feature: accounts

from app import create_app
from app.core.health import DOCTOR_CHECKS  # feature: accounts
from app.core.project import ROOT
from app.doctor import find_faults  # feature: accounts
from tests.conftest import SETTINGS  # feature: accounts


def run(command: list[str], **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the project with these settings and no .env."""
    known = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    blanks = dict.fromkeys(
        ("SECRET_KEY", "ENCRYPTION_KEYS", "PUBLIC_URL", "SITE_NAME", "DATABASE_URL", "MAIL_FROM"),
        "",
    )
    return subprocess.run(
        command,
        env={**known, **blanks, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.process
def test_the_doctor_lists_every_fault_when_serving_is_refused() -> None:
    result = run([sys.executable, "-m", "flask", "doctor"])
    assert result.returncode == 1, result.stderr
    for name in ("SECRET_KEY", "PUBLIC_URL", "SITE_NAME"):
        assert f"- {name}: is missing." in result.stdout
    assert "Traceback" not in result.stderr


@pytest.mark.process
def test_serving_refuses_with_all_faults_and_no_traceback() -> None:
    result = run([sys.executable, "-c", "import wsgi"])
    assert result.returncode == 3
    assert "nothing is served" in result.stderr
    assert "SECRET_KEY" in result.stderr
    assert "SITE_NAME" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.process
@pytest.mark.parametrize("value", ["1", "on"])
def test_flask_debug_is_refused_in_production(value: str) -> None:
    """Debug mode depends on APP_ENV alone, however the application is started."""
    production = {"APP_ENV": "production", "FLASK_DEBUG": value}
    fault = "FLASK_DEBUG: remove it: production has no debugger"
    diagnosed = run([sys.executable, "-m", "flask", "doctor"], **production)
    assert diagnosed.returncode == 1
    assert f"- {fault}" in diagnosed.stdout
    refused = run([sys.executable, "-c", "import wsgi"], **production)
    assert refused.returncode == 3
    assert f"- {fault}" in refused.stderr


@pytest.mark.process
def test_the_debug_option_of_flask_is_refused_in_production() -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "--debug", "routes"]
    refused = run(command, APP_ENV="production")
    assert refused.returncode == 3
    assert "FLASK_DEBUG: remove it" in refused.stderr


@pytest.mark.parametrize("app_env", ["production", "development"])
def test_flask_debug_has_no_effect_on_the_application(
    app_env: str, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    production = {"SMTP_URL": "smtp://localhost:1025", "BCRYPT_ROUNDS": "10"}
    app = create_app({**settings, **production, "APP_ENV": app_env})
    assert not app.debug


# feature: accounts
@pytest.mark.process
def test_the_doctor_finds_what_only_a_running_house_shows(tmp_path: Path) -> None:
    result = run(
        [sys.executable, "-m", "flask", "doctor"],
        **SETTINGS,
        DATABASE_URL=f"sqlite:///{tmp_path}/empty.db",
    )
    assert result.returncode == 1
    assert "run `flask db upgrade`" in result.stdout
    # Whoever needs the tables is silent until they are there.
    assert "could not look" not in result.stdout


def test_a_check_that_stops_at_the_database_is_not_taken_for_health(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop() -> list[str]:
        raise OperationalError("SELECT secret", {}, Exception())

    monkeypatch.setattr("app.create_app", lambda _: app)
    monkeypatch.setitem(app.extensions, DOCTOR_CHECKS.name, (lambda: ["a fault"], stop))
    assert find_faults() == ["a fault"]
    monkeypatch.setitem(app.extensions, DOCTOR_CHECKS.name, (stop, list))
    assert find_faults() == [f"{__name__} could not look: OperationalError."]


# endfeature
