"""Generation inside a git hook or alias: the repository around it is neither read nor written."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from flask_gatehouse import git as clean_git

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def outer(tmp_path: Path, git: Callable[..., str]) -> Path:
    """A repository of somebody else's, with one commit."""
    repository = tmp_path / "outer"
    repository.mkdir()
    git(repository, "init", "-q", "-b", "main")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Theirs")
    return repository


def test_the_record_names_the_commit_of_the_template(
    outer: Path, tmp_path: Path, template: Path, git: Callable[..., str], run: Run
) -> None:
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input"]
    done = run(command, tmp_path, {"GIT_DIR": str(outer / ".git")})
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / "my-flask-app" / ".cruft.json").read_text("utf-8"))
    assert record["commit"] == git(template, "rev-parse", "HEAD").strip()


def test_the_project_gets_a_repository_of_its_own(
    outer: Path, tmp_path: Path, template: Path, git: Callable[..., str], run: Run
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "make").write_text("#!/bin/sh\n", "utf-8")
    (programs / "make").chmod(0o755)
    command = [sys.executable, "-m", "flask_gatehouse", "new", "--out", str(tmp_path)]
    around = {"GIT_DIR": str(outer / ".git"), "GIT_WORK_TREE": str(outer)}
    done = run(command, template, {"PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin", **around})
    assert done.returncode == 0, done.stderr
    assert git(outer, "log", "--format=%s") == "Theirs\n"
    assert git(tmp_path / "my-flask-app", "log", "--format=%an") == "Gatehouse\n"


def test_what_git_calls_its_own_is_kept_from_the_project(
    tmp_path: Path, git: Callable[..., str]
) -> None:
    own = set(git(tmp_path, "rev-parse", "--local-env-vars").split())
    given_on_purpose = {name for name in own if name.startswith("GIT_CONFIG")}
    assert own - given_on_purpose <= clean_git.OUTER_REPOSITORY
