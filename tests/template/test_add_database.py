"""A feature that comes into a project in use: its database, its own tests, its form."""

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse.add import add
from tests.template.owner import make_it_theirs

Python = Callable[..., str]
CASES = [
    ("up to accounts", "login", "select count(*) from login_session"),
    ("minimal", "notes", "select count(*) from note"),
]


@pytest.fixture(params=CASES, ids=lambda case: case[1])
def case(request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """The features there are, the one that comes in, and a question to a table of its."""
    return tuple(request.param)


@pytest.fixture
def project(
    case: tuple[str, str, str],
    begin: Callable[[str, Path], Path],
    git: Callable[..., str],
    tmp_path: Path,
) -> Path:
    """A project that its owner has changed, and committed."""
    folder = begin(case[0], tmp_path / "mein Läd'chen")
    make_it_theirs(folder)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A shop")
    return folder


@pytest.fixture
def python(run: Callable[..., CompletedProcess[str]], project: Path) -> Python:
    """Run a Python module in the project with the template's packages; it must succeed."""

    def _python(*arguments: str) -> str:
        done = run([sys.executable, "-m", *arguments], project, {"PYTHONPATH": str(project)})
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said

    return _python


def sql(project: Path, statement: str) -> list[tuple[object, ...]]:
    """Run a statement in the project's database."""
    (database,) = project.rglob("app.db")
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_a_database_with_data_goes_on_to_the_new_feature(
    case: tuple[str, str, str], project: Path, template: Path, python: Python
) -> None:
    _, feature, count = case
    python("app.core.environment")
    settings = (project / ".env").read_text("utf-8")
    python("flask", "--app", "wsgi", "db", "upgrade")
    python("flask", "--app", "wsgi", "db", "check")
    sql(project, "insert into product (id, name) values (1, 'A chair')")

    add(template, project, feature)
    assert "Added" not in python("app.core.environment")  # these features bring no settings
    assert (project / ".env").read_text("utf-8") == settings
    python("flask", "--app", "wsgi", "db", "upgrade")
    python("flask", "--app", "wsgi", "db", "check")
    assert sql(project, "select name from product") == [("A chair",)]
    assert sql(project, count) == [(0,)]


def test_its_own_tests_pass_and_its_code_is_in_form(
    case: tuple[str, str, str], project: Path, template: Path, python: Python
) -> None:
    _, feature, _ = case
    add(template, project, feature)
    tests = ("tests/house", "tests/site", "tests/shop", f"tests/{feature}")
    assert " passed" in python("pytest", "-q", "--quick", "-p", "no:cacheprovider", *tests)
    python("ruff", "check", "--no-cache", ".")
    python("ruff", "format", "--check", "--no-cache", ".")
    python("sphinx", "-W", "-q", "docs", str(project.parent / "html"))
    assert (project.parent / "html" / "tutorial" / f"{feature}.html").exists()
