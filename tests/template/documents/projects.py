"""Projects for readers: written, committed and set up in one folder, one after another."""

import re
import tomllib
from collections.abc import Callable
from importlib.metadata import Distribution, distributions
from pathlib import Path
from subprocess import CompletedProcess

from packaging.requirements import Requirement

from flask_gatehouse import record
from tests.template.turns import ANSWERS, generated_files, remove, write_in_turn

Git = Callable[..., str]
Run = Callable[..., CompletedProcess[str]]
PYTHON, ENVIRONMENT = ".venv/bin/python", ".venv"
# They install packages, and no project asks for them.
INSTALLERS = {"pip", "setuptools", "uv", "wheel"}


def committed(git: Git, project: Path) -> dict[str, bytes]:
    """Return what is committed in a project, but for the record of where it came from."""
    names = git(project, "ls-files", "-z").split("\0")
    return {name: (project / name).read_bytes() for name in names if name not in ("", record.FILE)}


def to_be_committed(template: Path, features: str, project: Path) -> dict[str, bytes]:
    """Return the same of a project of this selection, generated with the answers of another one."""
    recorded = record.read(project)["context"]["cookiecutter"]
    files = generated_files(template, features, {name: recorded[name] for name in ANSWERS})
    return {str(path): file.content for path, file in files.items() if str(path) != record.FILE}


class ProjectFolder:
    """One folder and one virtual environment, in which projects take turns.

    What a project shares with the one before it stays: a file that is the same keeps its bytecode,
    and a package that both ask for stays installed. Everything else is removed, so a project finds
    no package that only a later feature asks for.

    Args:
        folder: where the projects are written; what lies beside it is removed.
        template: what they are generated from.
        git: runs git in a folder.
        run: runs another command in a folder, in the reader's environment.
    """

    def __init__(self, folder: Path, template: Path, git: Git, run: Run) -> None:
        self.folder, self.template, self.git, self.run = folder, template, git, run

    def set_up(self, features: str) -> Path:
        """Write the project of a selection, commit it, and run `make setup` in it."""
        for beside in self.folder.parent.iterdir():
            if beside != self.folder:
                remove(beside)
        write_in_turn(self.folder, generated_files(self.template, features))
        self.git(self.folder, "init", "--quiet", "--initial-branch=main")
        self.git(self.folder, "add", "--all")
        self.git(self.folder, "commit", "--quiet", "--message=Begin")
        self._uninstall_what_is_not_asked_for()
        self._done(["make", "setup"])
        return self.folder

    def installed(self) -> dict[str, Distribution]:
        """Return the packages in the virtual environment, by name."""
        places = map(str, (self.folder / ENVIRONMENT).glob("lib/*/site-packages"))
        return {_plain(one.name): one for one in distributions(path=[*places])}

    def _uninstall_what_is_not_asked_for(self) -> None:
        installed = self.installed()
        about = tomllib.loads((self.folder / "pyproject.toml").read_text("utf-8"))["project"]
        asked_for = _with_needs(
            [*about["dependencies"], *about["optional-dependencies"]["dev"]], installed
        )
        if rest := sorted({*installed} - asked_for - INSTALLERS - {about["name"]}):
            with_pip = [PYTHON, "-m", "pip", "uninstall", "--quiet", "--yes"]
            with_uv = ["uv", "pip", "uninstall", "--quiet", "--python", PYTHON]
            self._done([*(with_pip if "pip" in installed else with_uv), *rest])

    def _done(self, command: list[str]) -> None:
        done = self.run(command, self.folder)
        assert done.returncode == 0, done.stdout + done.stderr


def _plain(name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _with_needs(asked_for: list[str], installed: dict[str, Distribution]) -> set[str]:
    """Return the names of these packages and of all that they need, as far as it is installed."""
    found: dict[str, set[str]] = {}  # with the extras that are asked for
    waiting = [Requirement(one) for one in asked_for]
    while waiting:
        one = waiting.pop()
        name, extras = _plain(one.name), {"", *one.extras}
        if name not in installed or extras <= found.get(name, set()):
            continue
        found.setdefault(name, set()).update(extras)
        for need in map(Requirement, installed[name].requires or []):
            marker = need.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(need)
    return {*found}
