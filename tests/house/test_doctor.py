"""`flask doctor` speaks when nothing else does, and serving refuses in one readable message."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.config import ROOT
from app.core import environment
from app.core.settings import EXAMPLE_SECRET
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


def test_the_doctor_lists_every_fault_when_serving_is_refused() -> None:
    result = run([sys.executable, "-m", "flask", "doctor"])
    assert result.returncode == 1, result.stderr
    for name in ("SECRET_KEY", "PUBLIC_URL", "SITE_NAME"):
        assert f"- {name}: is missing." in result.stdout
    assert "Traceback" not in result.stderr


def test_serving_refuses_with_all_faults_and_no_traceback() -> None:
    result = run([sys.executable, "-c", "import wsgi"])
    assert result.returncode == 3
    assert "nothing is served" in result.stderr
    assert "SECRET_KEY" in result.stderr
    assert "SITE_NAME" in result.stderr
    assert "Traceback" not in result.stderr


# feature: accounts
def test_the_doctor_finds_what_only_a_running_house_shows(tmp_path: Path) -> None:
    result = run(
        [sys.executable, "-m", "flask", "doctor"],
        **SETTINGS,
        DATABASE_URL=f"sqlite:///{tmp_path}/empty.db",
    )
    assert result.returncode == 1
    assert "run `flask db upgrade`" in result.stdout


# endfeature


def test_the_environment_is_written_once_for_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    assert environment.write_environment()
    written = tmp_path / ".env"
    first = written.read_text("utf-8")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert EXAMPLE_SECRET not in first
    keys = [line.partition("=")[2] for line in first.splitlines() if re.match(r"\w*KEYS?=", line)]
    assert all(len(key) >= 43 for key in keys)
    assert len(keys) == len(set(keys))
    assert not environment.write_environment()
    assert written.read_text("utf-8") == first
