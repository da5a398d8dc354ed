"""Every shape of project is as good as the template: linted, typed, migrated, tested."""

import compileall
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse.features import Catalogue

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., CompletedProcess[str]]


def shapes() -> list[str]:
    """Return answers to the question for features that differ in what they choose."""
    catalogue = Catalogue.read(ROOT)
    answers = ["recommended", "everything", "minimal", *(f"up to {n}" for n in catalogue.names)]
    by_result = {catalogue.resolve(answer).names: answer for answer in reversed(answers)}
    return sorted(by_result.values())


@pytest.fixture(params=shapes())
def project(
    request: pytest.FixtureRequest, generated: Callable[[str], Path], tmp_path: Path
) -> Path:
    """A project of each shape, in a folder with an awkward name."""
    return shutil.copytree(generated(request.param), tmp_path / "mein Pröjekt")


@pytest.fixture
def python(run: Run, project: Path) -> Callable[..., str]:
    """Run a Python module in the project with the template's packages; it must succeed."""

    def _python(*arguments: str, **env: str) -> str:
        done = run([sys.executable, "-m", *arguments], project, {"PYTHONPATH": str(project), **env})
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        return said

    return _python


@pytest.fixture(scope="session")
def type_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy learned about the packages, shared between the shapes."""
    return tmp_path_factory.mktemp("types")


def test_code_is_formatted_and_clean(project: Path, python: Callable[..., str]) -> None:
    assert compileall.compile_dir(project / "app", quiet=1)
    python("ruff", "format", "--check", "--no-cache", ".")
    python("ruff", "check", "--no-cache", ".")


def test_types_are_right(python: Callable[..., str], type_cache: Path) -> None:
    python("mypy", "--cache-dir", str(type_cache))


def test_migrations_go_up_match_the_models_go_down_and_up(
    project: Path, python: Callable[..., str]
) -> None:
    has_tables = any((project / "app").glob("*/models.py"))
    assert (project / "migrations").exists() == has_tables
    if not has_tables:
        return
    python("app.core.environment")
    database = {"DATABASE_URL": f"sqlite:///{project}/migrated.db"}
    for step in (["upgrade"], ["check"], ["downgrade", "base"], ["upgrade"], ["check"]):
        python("flask", "--app", "wsgi", "db", *step, **database)


def test_its_own_tests_pass(python: Callable[..., str]) -> None:
    said = python("pytest", "-q", "-rs", "-p", "no:cacheprovider")
    assert " passed" in said
