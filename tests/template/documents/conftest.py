"""Readers of the documents, and the places where they do what is written."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from playwright.sync_api import Browser

from tests.template.documents.page import Reader
from tests.template.documents.projects import ProjectFolder
from tests.template.documents.terminal import Terminal
from tests.template.documents.visitor import Visitor
from tests.template.turns import ANSWERS, remove

Run = Callable[..., CompletedProcess[str]]
# Packages come from where the parent's come from, and from the same cache, or each project
# would fetch them again.
PACKAGES = ("PIP_", "UV_", "SSL_CERT_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@pytest.fixture(scope="session")
def environment(clean_environment: dict[str, str]) -> dict[str, str]:
    """What a reader has around them: a machine of their own that can install and commit."""
    kept = {name: text for name, text in os.environ.items() if name.upper().startswith(PACKAGES)}
    caches = {f"{tool.upper()}_CACHE_DIR": f"{Path.home()}/.cache/{tool}" for tool in ("pip", "uv")}
    author = {
        f"GIT_{role}_{part}": text
        for role in ("AUTHOR", "COMMITTER")
        for part, text in (("NAME", "Ada"), ("EMAIL", "ada@example.com"))
    }
    # Two readers of one chapter need not both watch its browser tests: the bake ring runs them.
    spared = {"PYTEST_ADDOPTS": "--ignore-glob=*_in_a_browser.py"}
    # A bare `make test` in a page of the template would come back to that very page.
    told = {"T": "tests/site", "TERM": "dumb", **spared}
    # A project that is set up has the bytecode of its packages beside them; elsewhere it would
    # be made once more for each.
    told |= {"PYTHONPYCACHEPREFIX": ""}
    # A part of a suite is over sooner than its workers have begun, and the pages themselves are
    # read side by side already.
    told |= {"PYTEST_XDIST_AUTO_NUM_WORKERS": "0"}
    return {**clean_environment, **caches, **kept, **author, **told}


@pytest.fixture
def reader(
    environment: dict[str, str],
    request: pytest.FixtureRequest,
    record_property: Callable[[str, object], None],
) -> Callable[[Path], Reader]:
    """Somebody who stands in a folder, with a browser if a page asks for one."""

    def browser() -> Browser:
        found: Browser = request.getfixturevalue("chromium")
        return found

    def tell(carried_out: int) -> None:
        record_property("blocks carried out", carried_out)

    return lambda folder: Reader(Terminal(folder, environment), Visitor(browser), tell)


@pytest.fixture(scope="session")
def project_folder(
    template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    environment: dict[str, str],
    run: Run,
    git: Callable[..., str],
) -> ProjectFolder:
    """The folder in which the readers of this process have their projects, one after another."""
    return ProjectFolder(
        tmp_path_factory.mktemp("reader") / ANSWERS["project_slug"],
        template,
        git,
        lambda command, folder: run(command, folder, environment),
    )


@pytest.fixture(scope="session")
def workshop(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of the template to work in, with room for projects beside it."""
    return shutil.copytree(template, tmp_path_factory.mktemp("workshop") / "gatehouse")


@pytest.fixture(scope="session")
def as_cloned(environment: dict[str, str], run: Run) -> Callable[[Path], Path]:
    """Put a folder back to its first commit, with nothing beside it."""

    def _as_cloned(folder: Path) -> Path:
        for beside in folder.parent.iterdir():
            if beside != folder:
                remove(beside)
        for command in (
            "git reset --quiet --hard $(git rev-list --max-parents=0 HEAD)",
            "git clean --quiet -fdx --exclude=.venv --exclude='*.egg-info'",
        ):
            done = run(["bash", "-c", command], folder, environment)
            assert done.returncode == 0, done.stdout + done.stderr
        return folder

    return _as_cloned


@pytest.fixture(scope="session")
def as_new(
    as_cloned: Callable[[Path], Path], environment: dict[str, str], run: Run
) -> Callable[[Path], Path]:
    """Put a folder back to its first commit, and set it up."""

    def _as_new(folder: Path) -> Path:
        done = run(["make", "setup"], as_cloned(folder), environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return folder

    return _as_new
