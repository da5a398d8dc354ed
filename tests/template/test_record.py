"""The record of a project: an address without secrets, the commit, the folder."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flask_gatehouse import record
from flask_gatehouse.answers import QUESTIONS

Git = Callable[..., str]
ANSWERS = dict.fromkeys(QUESTIONS, "x")


def recorded(root: Path, **context: object) -> dict[str, Any]:
    """Return the record of a project that is generated from a folder."""
    text = record.record(root, {**ANSWERS, **context})
    assert text is not None
    return dict(json.loads(text))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://ada:token@git.example.com/a/b.git", "https://git.example.com/a/b.git"),
        ("https://token@git.example.com:8443/a/b.git", "https://git.example.com:8443/a/b.git"),
        ("ssh://git:secret@git.example.com/a/b.git", "ssh://git@git.example.com/a/b.git"),
        ("git@git.example.com:a/b.git", "git@git.example.com:a/b.git"),
        ("file:///srv/b.git", "file:///srv/b.git"),
        ("https://git.example.com/a/b.git", "https://git.example.com/a/b.git"),
    ],
)
def test_the_origin_is_recorded_without_its_secrets(
    changed_template: Path, git: Git, address: str, kept: str
) -> None:
    git(changed_template, "remote", "add", "origin", address)
    assert recorded(changed_template)["template"] == kept


def test_an_origin_beside_the_template_is_recorded_by_its_whole_path(
    changed_template: Path, git: Git, tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q", "--bare", "beside.git")
    git(changed_template, "remote", "add", "origin", "../beside.git")
    assert recorded(changed_template)["template"] == str(tmp_path / "beside.git")


def test_a_template_that_merely_lies_in_a_repository_is_a_folder(
    changed_template: Path, git: Git, tmp_path: Path
) -> None:
    shutil.rmtree(changed_template / ".git")
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "https://git.example.com/foreign.git")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "Something else")
    state = recorded(changed_template)
    place = (state["template"], state["commit"], state["directory"])
    assert place == (str(changed_template), None, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://ada:pw@example.com/gatehouse.zip", "https://example.com/gatehouse.zip"),
        ("/srv/gatehouse.ZIP", "/srv/gatehouse.ZIP"),
    ],
)
def test_a_zip_is_recorded_by_its_own_address(tmp_path: Path, given: str, kept: str) -> None:
    state = recorded(tmp_path, _template=given, _output_dir=str(tmp_path))
    assert (state["template"], state["commit"]) == (kept, None)


def test_cruft_writes_its_own() -> None:
    assert record.record(Path(), {**ANSWERS, "_commit": "0" * 40}) is None


@pytest.mark.process
def test_only_the_answer_to_the_question_for_features_changes(tmp_path: Path) -> None:
    state = {**recorded(tmp_path), "skip": ["docs"], "checkout": "v1"}
    again = json.loads(record.with_features(state, "site,login"))
    assert again["context"]["cookiecutter"].pop("features") == "site,login"
    assert state["context"]["cookiecutter"].pop("features") == "x"
    assert again == state
