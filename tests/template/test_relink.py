"""`python -m flask_gatehouse relink`: one chain again, after cruft has put migrations into it."""

import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.add import add
from flask_gatehouse.relink import relink
from tests.template import newer
from tests.template.conftest import tree
from tests.template.owner import head, make_it_theirs, versions

Git = Callable[..., str]
Run = Callable[..., CompletedProcess[str]]


@pytest.fixture
def project(begin: Callable[[str, Path], Path], git: Git, tmp_path: Path) -> Path:
    """A committed project up to login, with a table of its owner's behind the template's."""
    folder = begin("up to login", tmp_path / "mein Läd'chen")
    make_it_theirs(folder)
    commit(git, folder)
    return folder


def commit(git: Git, folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "More")


def as_cruft_would(folder: Path) -> None:
    """Put a new migration into the middle, and let the owner's follow it no more."""
    place = folder / "migrations" / "versions" / f"{newer.REVISION}_visits.py"
    middle = newer.MIGRATION.replace('"91c3e7d40b52"', '"8b52e06f14c9"')
    place.write_text(middle, "utf-8")
    (after,) = (folder / "migrations" / "versions").glob("91c3e7d40b52_*.py")
    text = after.read_text("utf-8")
    assert '= "8b52e06f14c9"' in text
    after.write_text(text.replace('= "8b52e06f14c9"', f'= "{newer.REVISION}"'), "utf-8")
    # Python takes its bytecode for current when size and second are the same, as they are here.
    for path in (place, after):
        os.utime(path, (0, 1_700_000_000))


def test_what_came_goes_behind_what_was_there(
    project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in versions(project)}
    as_cruft_would(project)
    relink(project, "HEAD")
    assert capsys.readouterr().out.count(" is mended.\n") == 2
    assert {path: path.read_bytes() for path in before} == before
    assert head(project) == newer.REVISION
    new = project / "migrations" / "versions" / f"{newer.REVISION}_visits.py"
    assert 'down_revision: str | None = "0u0000000001"' in new.read_text("utf-8")
    commit(git, project)
    relink(project, "HEAD")
    assert capsys.readouterr().out == "Nothing to mend: the chain of migrations is whole.\n"


def test_a_database_that_cruft_had_left_behind_goes_on(project: Path, run: Run) -> None:
    def python(*arguments: str) -> str:
        done = run([sys.executable, "-m", *arguments], project, {"PYTHONPATH": str(project)})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def columns() -> list[str]:
        (database,) = project.rglob("app.db")
        with closing(sqlite3.connect(database)) as connection:
            return [row[1] for row in connection.execute("pragma table_info(known_device)")]

    python("app.core.environment")
    python("flask", "--app", "wsgi", "db", "upgrade")
    as_cruft_would(project)
    python("flask", "--app", "wsgi", "db", "upgrade")
    assert "times" not in columns()  # the silent break
    relink(project, "HEAD")
    python("flask", "--app", "wsgi", "db", "upgrade")
    assert "times" in columns()


def test_what_was_committed_already_is_mended_by_naming_the_commit(project: Path, git: Git) -> None:
    before = {path: path.read_bytes() for path in versions(project)}
    as_cruft_would(project)
    commit(git, project)
    relink(project, "HEAD~1")
    assert {path: path.read_bytes() for path in before} == before
    assert head(project) == newer.REVISION


def test_what_no_tool_has_touched_stays_to_the_byte(
    project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, *_ = versions(project)
    first.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    second.write_bytes(b"# coding: latin-1\n" + second.read_bytes() + b"\n\n# pr\xeat")
    commit(git, project)
    before = {path: path.read_bytes() for path in versions(project)}
    relink(project, "HEAD")
    assert capsys.readouterr().out == "Nothing to mend: the chain of migrations is whole.\n"
    as_cruft_would(project)
    relink(project, "HEAD")
    assert {path: path.read_bytes() for path in before} == before


def test_several_that_came_keep_their_order(project: Path, template: Path, git: Git) -> None:
    old = {path.name for path in versions(project)}
    add(template, project, "admin")
    came = [path for path in versions(project) if path.name not in old]
    assert len(came) > 1
    wanted = tree(project)
    for path in came:  # as if each had followed something older
        text = path.read_text("utf-8")
        path.write_text(text.replace('= "0u0000000001"', '= "3f1c9a7d2e40"'), "utf-8")
    relink(project, "HEAD")
    assert tree(project) == wanted


@pytest.mark.parametrize(
    ("since", "sentence"),
    [
        ("yesterday", "The project has no commit yesterday: say since=COMMIT."),
        ("--all", "The project has no commit --all: say since=COMMIT."),
    ],
)
def test_a_commit_that_is_not_there_is_refused(project: Path, since: str, sentence: str) -> None:
    before = tree(project)
    with pytest.raises(GeneratorError) as error:
        relink(project, since)
    assert str(error.value) == sentence
    assert tree(project) == before


def test_migrations_that_follow_each_other_are_refused(project: Path) -> None:
    folder = project / "migrations" / "versions"
    for one, other in (("0a", "0b"), ("0b", "0a")):
        text = newer.MIGRATION.replace(newer.REVISION, one).replace("91c3e7d40b52", other)
        (folder / f"{one}_x.py").write_text(text, "utf-8")
    before = tree(project)
    with pytest.raises(GeneratorError, match="These migrations follow each other"):
        relink(project, "HEAD")
    assert tree(project) == before
