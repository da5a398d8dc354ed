"""`.env` is written once with fresh secrets, and later only completed."""

import os
import re
import stat
from pathlib import Path

import pytest

from app.core import environment
from app.core.project import ROOT
from app.core.settings import EXAMPLE_SECRET


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the project's .env.example alone."""
    (tmp_path / ".env.example").write_text((ROOT / ".env.example").read_text("utf-8"), "utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.asvs("13.3.2")
def test_it_is_written_once_for_its_owner_alone(folder: Path) -> None:
    assert environment.write_environment()
    written = folder / ".env"
    first = written.read_text("utf-8")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert EXAMPLE_SECRET not in first
    keys = [line.partition("=")[2] for line in first.splitlines() if re.match(r"\w*KEYS?=", line)]
    assert all(len(key) >= 43 for key in keys)
    assert len(keys) == len(set(keys))
    assert not environment.write_environment()
    assert environment.complete_environment() == []
    assert written.read_text("utf-8") == first


def test_what_a_new_feature_brings_is_appended_with_its_comment(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.main()
    written, example = folder / ".env", folder / ".env.example"
    before = written.read_text("utf-8") + "# OPTED_OUT=1\nEDITED=mine"  # without a last line break
    written.write_text(before, "utf-8")
    with example.open("a", encoding="utf-8") as file:
        file.write("\n# Ours.\nOPTED_OUT=1\nNEW_KEY=made-by-make-setup\nEDITED=1\n")
        file.write("\n# Not wanted.\nOPTED_OUT=1\n\nNEW_SIZE=9\n")
    environment.main()
    added = written.read_text("utf-8").removeprefix(before)
    assert re.fullmatch(r"\n\n# Ours\.\nNEW_KEY=[\w=-]{44}\n\nNEW_SIZE=9\n", added)
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    assert capsys.readouterr().out.splitlines()[1:] == ["Added to .env: NEW_KEY, NEW_SIZE."]


def test_a_complete_one_is_newer_than_the_example_afterwards(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.main()
    os.utime(folder / ".env", (0, 0))
    environment.main()
    assert (folder / ".env").stat().st_mtime >= (folder / ".env.example").stat().st_mtime
    assert capsys.readouterr().out == "Wrote .env with fresh secrets.\n"


def test_one_that_cannot_be_completed_is_one_sentence(folder: Path) -> None:
    (folder / ".env").mkdir()  # nobody can write it, not even root
    with pytest.raises(SystemExit) as stopped:
        environment.main()
    assert str(stopped.value) == ".env cannot be written from .env.example: Is a directory."
