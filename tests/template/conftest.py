"""The template as a stranger gets it, and the projects generated from it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest

from flask_gatehouse import record
from flask_gatehouse.answers import Answers
from flask_gatehouse.generate import File, render, write
from tests.template import newer

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


# Minutes each, the longest first: begun last, one would keep one processor waiting for the other.
LONG = (
    "test_tutorial_run.py::test_a_chapter_ends_at_the_generated_project_with_its_feature[first",
    "test_its_own_tests_pass[everything]",
    "test_its_own_tests_pass[recommended]",
    "test_its_own_tests_pass",
    "test_types_and_documents",
    "test_a_chapter_ends_at",
    "test_a_page_of",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first, and leave the others in the order that chance gave them."""

    def place(item: pytest.Item) -> int:
        return next((at for at, name in enumerate(LONG) if name in item.nodeid), len(LONG))

    items.sort(key=place)


@pytest.fixture(scope="session")
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment without the parent's settings, and a home without anybody's habits."""
    passed_on = ("PATH", "LANG", "TMPDIR", "GATEHOUSE_REQUIRE_ALL", "GATEHOUSE_HIDE")
    kept = {name: os.environ[name] for name in passed_on if name in os.environ}
    home = tmp_path_factory.mktemp("home")
    return {
        **kept,
        "HOME": str(home),
        # A suite inside this suite keeps its temporary folders apart: pytest tidies old ones away.
        "PYTEST_DEBUG_TEMPROOT": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        # A bytecode file that is left behind would be a difference between two trees; kept outside,
        # it spares each of many hundred processes that compile the same packages again.
        "PYTHONPYCACHEPREFIX": str(tmp_path_factory.mktemp("bytecode")),
    }


@pytest.fixture(scope="session")
def run(clean_environment: dict[str, str]) -> Run:
    """Run a command in a folder and return what it said, whatever its status."""

    def _run(
        command: list[str], cwd: Path, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd,
            env={**clean_environment, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return _run


@pytest.fixture(scope="session")
def git(run: Run) -> Callable[..., str]:
    """Run git in a folder as an author of its own; a failure fails the test."""

    def _git(cwd: Path, *arguments: str) -> str:
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        done = run(["git", *author, *arguments], cwd)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return _git


@pytest.fixture(scope="session")
def tracked(git: Callable[..., str]) -> list[str]:
    """Every file of the template that is in git or would be added to it."""
    listed = git(ROOT, "ls-files", "-z", "-co", "--exclude-standard").split("\0")
    return sorted(name for name in listed if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def template(
    tmp_path_factory: pytest.TempPathFactory, tracked: list[str], git: Callable[..., str]
) -> Path:
    """A fresh clone of the template as its files are now, in a folder with an awkward name."""
    copy = tmp_path_factory.mktemp("clone") / "töm plate"
    for name in tracked:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    git(copy, "init", "-q", "-b", "main")
    git(copy, "add", "-A", "-f")
    git(copy, "commit", "-q", "-m", "The template")
    return copy


@pytest.fixture(scope="session")
def cookiecutter(run: Run) -> Run:
    """Run cookiecutter without a terminal."""

    def _cookiecutter(
        template: Path | str, out: Path, *arguments: str, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        options = ["--no-input", "-o", str(out), *arguments]
        command = [sys.executable, "-m", "cookiecutter", str(template), *options]
        return run(command, cwd or out)

    return _cookiecutter


@pytest.fixture
def generate(tmp_path: Path, template: Path, cookiecutter: Run) -> Run:
    """Generate from the template, or from another source, into a folder of this test."""

    def _generate(
        *arguments: str, source: Path | str = template, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return cookiecutter(source, tmp_path, *arguments, cwd=cwd)

    return _generate


@pytest.fixture
def changed_template(tmp_path: Path, template: Path) -> Path:
    """A copy of the template, to write in."""
    return shutil.copytree(template, tmp_path / "template")


@pytest.fixture(scope="session")
def generated(
    tmp_path_factory: pytest.TempPathFactory, template: Path, cookiecutter: Run
) -> Callable[[str], Path]:
    """Generate a project for a choice of features, once; tests read it and never write in it."""
    made: dict[str, Path] = {}

    def _generated(choice: str) -> Path:
        if choice not in made:
            out = tmp_path_factory.mktemp("generated")
            done = cookiecutter(template, out, f"features={choice}")
            assert done.returncode == 0, done.stdout + done.stderr
            made[choice] = out / "my-flask-app"
        return made[choice]

    return _generated


Tree = dict[str, tuple[bytes, bool]]


def tree(folder: Path) -> Tree:
    """Read a project: each file's path with its content and whether it can be run."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), os.access(path, os.X_OK))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def without_record(found: Tree) -> Tree:
    """Leave out .cruft.json, the one file that tells where a project came from."""
    return {path: file for path, file in found.items() if path != ".cruft.json"}


@pytest.fixture(scope="session")
def begin(template: Path, git: Callable[..., str]) -> Callable[[str, Path], Path]:
    """Write a project into a folder and commit it, as cookiecutter would and ten times faster."""

    def _begin(choice: str, folder: Path) -> Path:
        defaults = {"project_name": "My Shop", "project_slug": "my-shop", "licence": "MIT"}
        told = {"description": "A shop.", "author": "Ada", "email": "ada@example.com"}
        context = {**defaults, **told, "features": choice, "_template": str(template)}
        files = dict(render(template, Answers.read(context, template)).files)
        recorded = record.record(template, context)
        assert recorded is not None
        files[PurePosixPath(record.FILE)] = File(recorded.encode())
        for path, file in files.items():
            write(folder / path, file)
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "Begin")
        return folder

    return _begin


@pytest.fixture(scope="session")
def grown(
    template: Path, tmp_path_factory: pytest.TempPathFactory, git: Callable[..., str]
) -> Path:
    """The template a year later, with a tag where it was; tests read it and never write in it."""
    copy = shutil.copytree(template, tmp_path_factory.mktemp("grown") / "template")
    newer.begin(copy, git)
    git(copy, "tag", "before")
    newer.grow(copy, git)
    return copy


@pytest.fixture(scope="session")
def begun(
    grown: Path, tmp_path_factory: pytest.TempPathFactory, git: Callable[..., str]
) -> Callable[[str, Path], Path]:
    """Write a project as it was made before that year; each kind once, copied for each test."""
    former = tmp_path_factory.mktemp("former") / "template"
    git(grown.parent, "clone", "-q", "-b", "before", str(grown), str(former))
    made: dict[str, Path] = {}

    def _begun(features: str, folder: Path) -> Path:
        if features not in made:
            made[features] = tmp_path_factory.mktemp("begun") / "shop"
            newer.write_project(former, features, made[features], git)
        return shutil.copytree(made[features], folder)

    return _begun


@pytest.fixture
def default(generated: Callable[[str], Path]) -> Path:
    """The project that somebody gets who takes every default."""
    return generated("recommended")
