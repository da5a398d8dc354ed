"""A generated project as its owner has it: what a command looks at before it changes anything."""

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, features, git, migrations, record

UNDO = "git restore . && git clean -fd"
WHAT_NEXT = (
    "See it:        git status && git diff",
    "Run it:        make run (installs, completes .env and upgrades the database)",
    "Keep it:       git add . && git commit",
    f"Take it back:  {UNDO} (before you run it)",
)


def refuse_unclean(project: Path) -> None:
    """Refuse a project whose files are not all committed: git is the way back.

    In a larger repository only the project's own folder has to be clean, and only this folder is
    what the undo takes back.
    """
    if shutil.which("git") is None:
        raise GeneratorError("git is not installed; it is the way back from what this changes.")
    if git.ask(project, "ls-files", "--error-unmatch", record.FILE) is None:
        raise GeneratorError(
            "This project is not in git, which is the way back from what this changes: "
            "commit it first."
        )
    # The owner's own configuration may hide untracked files, which the undo would delete.
    if git.ask(project, "status", "--porcelain", "--untracked-files=normal", "--", ".") != "":
        raise GeneratorError(
            "There are changes that are not committed: commit them first, because the undo "
            f"({UNDO}) would take them back too."
        )


def features_in(project: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return which of these features the project has, whatever its record says.

    Raises:
        GeneratorError: the project's list of features cannot be read.
    """
    try:
        listed = features.listed((project / features.LIST).read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        raise GeneratorError(f"The project's {features.LIST} cannot be read.") from None
    return tuple(name for name in names if name in listed)


def revisions(project: Path) -> tuple[tuple[str, ...], str | None]:
    """Return the revisions of the project's migrations, and their head.

    Raises:
        GeneratorError: there are several heads, or a migration cannot be read.
    """
    found = dict(
        migrations.parents(PurePosixPath(path.relative_to(project)), path.read_bytes())
        for path in sorted((project / migrations.VERSIONS).glob("*.py"))
    )
    heads = migrations.heads(found.items())
    if len(heads) > 1:
        raise GeneratorError(
            f"The migrations have several heads ({', '.join(heads)}): join them with "
            "`flask db merge heads` and commit."
        )
    return tuple(found), heads[0] if heads else None
