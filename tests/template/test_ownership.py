"""Every file of a project has one feature it comes with and goes with."""

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest

from flask_gatehouse.answers import Answers
from flask_gatehouse.features import Catalogue
from flask_gatehouse.generate import render
from flask_gatehouse.listing import describe_files, owners

Files = Callable[[str], set[PurePosixPath]]
# Made for each project, from answers and not from a file of the same name.
MADE = {PurePosixPath("README.md"): "site", PurePosixPath("LICENSE"): "site"}


@pytest.fixture(scope="module")
def files(template: Path) -> Files:
    """Return the paths of a project with a choice of features."""

    def _files(choice: str) -> set[PurePosixPath]:
        told = {"project_name": "Shop", "project_slug": "shop", "licence": "MIT", "author": "Ada"}
        context = {**told, "description": "A shop.", "email": "ada@example.com"}
        answers = Answers.read({**context, "features": choice}, template)
        return set(render(template, answers).files)

    return _files


def test_every_file_comes_with_the_feature_that_owns_it(template: Path, files: Files) -> None:
    """Declared by place, tag or docstring, and seen by generating chapter after chapter."""
    seen: dict[PurePosixPath, str] = {}
    for name in Catalogue.read(template).names:
        for path in files(f"up to {name}"):
            seen.setdefault(path, name)
    assert {**owners(template), **MADE} == seen


def test_every_feature_owns_files_and_the_listing_shows_them(template: Path, files: Files) -> None:
    lines = describe_files(template).splitlines()
    listed = dict(line.split("\t") for line in lines)
    assert len(listed) == len(lines)
    assert {PurePosixPath(path) for path in listed} | set(MADE) == files("everything")
    owned = Counter(listed.values())
    assert set(owned) == set(Catalogue.read(template).names)
    assert min(owned.values()) > 5


def test_the_listing_is_a_command(
    template: Path, run: Callable[..., CompletedProcess[str]]
) -> None:
    done = run([sys.executable, "-m", "flask_gatehouse", "files"], template)
    assert done.returncode == 0, done.stderr
    assert "app/notes/models.py\tnotes\n" in done.stdout
    assert "migrations/env.py\taccounts\n" in done.stdout
