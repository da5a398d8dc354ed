"""Git, asked about one folder and never about the repository that a command may run in."""

import os
import shutil
import subprocess
from pathlib import Path

# Set by git for its hooks and aliases; each would lead a git command for the project, or for the
# template, to the repository around it (the list of `git rev-parse --local-env-vars`, less
# configuration that its owner gave on purpose).
OUTER_REPOSITORY = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
}


def environment() -> dict[str, str]:
    """Return the environment without what belongs to a surrounding repository."""
    return {name: value for name, value in os.environ.items() if name not in OUTER_REPOSITORY}


def ask(folder: Path, *arguments: str) -> str | None:
    """Return what git says in a folder; None where it fails or is not installed."""
    program = shutil.which("git")
    if program is None:
        return None
    answer = subprocess.run(  # noqa: S603
        [program, "-C", str(folder), *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )
    return answer.stdout.strip("\n") if answer.returncode == 0 else None
