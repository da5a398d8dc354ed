"""A project as some state of the template makes it, by that state's own code.

The generator of a year ago may have laid files out in another way. What it made is known for
certain only by running it, in a process of its own, as cookiecutter's hook does.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, git
from flask_gatehouse.generate import File

HOOK = """
import json, sys
root = sys.argv[1]
sys.path.insert(0, root)
from flask_gatehouse.generate import post_gen
sys.exit(post_gen(root, json.load(sys.stdin)))
"""


def generated(root: Path, answers: Mapping[str, object]) -> dict[PurePosixPath, File]:
    """Return the files that a state of the template makes of these answers.

    Args:
        root: the template's folder, in that state.
        answers: to all that it asks.

    Raises:
        GeneratorError: it refuses them; the sentence is its own.
    """
    # With a commit in the context the hook takes itself to be under cruft: it writes no record.
    context = {**answers, "_template": str(root), "_commit": "known"}
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-B", "-c", HOOK, str(root)],
            cwd=scratch,
            input=json.dumps(context),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or "no reason was given").splitlines()[-1]
            raise GeneratorError(f"The template at {root} makes no project of your answers: {said}")
        return {
            PurePosixPath(path.relative_to(scratch)): File(
                path.read_bytes(), os.access(path, os.X_OK)
            )
            for path in sorted(Path(scratch).rglob("*"))
            if path.is_file()
        }


def questions(root: Path) -> dict[str, str]:
    """Return what a state of the template asks, each with its default."""
    asked = json.loads((root / "cookiecutter.json").read_text("utf-8"))
    return {
        name: str(default[0] if isinstance(default, list) else default)
        for name, default in asked.items()
        if not name.startswith("_")
    }


@contextmanager
def checked_out(root: Path, commit: str) -> Iterator[Path]:
    """Have the template's folder as it was at another commit of the same repository.

    Raises:
        GeneratorError: the repository does not have the commit.
    """
    prefix = git.ask(root, "rev-parse", "--show-prefix") or ""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "template")
        if git.ask(root, "worktree", "add", "--detach", str(tree), commit) is None:
            raise GeneratorError(
                f"The template has no commit {commit}: TEMPLATE= names another one, or "
                "BASE= the folder of the template as it was."
            )
        try:
            yield tree / prefix
        finally:
            git.ask(root, "worktree", "remove", "--force", str(tree))
