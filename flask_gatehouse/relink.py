"""`make relink`: one chain of migrations again, after another tool has put new ones into it.

`cruft update` takes migrations over as the template has them: in the middle of the chain. A
database that stands behind that place never goes through them, and no command says so.
"""

import sys
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, git, migrations


def relink(project: Path, since: str) -> None:
    """Put migrations that came since a commit behind the head of then; the others go back to it.

    Args:
        project: the project's folder.
        since: a commit from before they came.

    Raises:
        GeneratorError: nothing was written.
    """
    old = _at(project, since)
    now = {
        PurePosixPath(path.relative_to(project)): path.read_bytes()
        for path in sorted((project / migrations.VERSIONS).glob("*.py"))
    }
    heads = migrations.heads(migrations.parents(path, content) for path, content in old.items())
    if len(heads) > 1:
        raise GeneratorError(f"At {since} the migrations had several heads: {', '.join(heads)}.")
    taken_back = [path for path in _changed(project, since) if path in old]
    head = heads[0] if heads else None
    written = {}
    new = _in_order({path: content for path, content in now.items() if path not in old})
    for path, revision in new:
        content = migrations.with_down(now[path].decode(), head).encode()
        if content != now[path]:
            written[path] = content
        head = revision
    # Git writes its own files back: it knows the line ends of this machine.
    back = ["restore", f"--source={since}", "--", *map(str, taken_back)]
    if taken_back and git.ask(project, *back) is None:
        raise GeneratorError("Git cannot write the migrations back: `git status` says more.")
    for path, content in written.items():
        (project / path).write_bytes(content)
    sys.stdout.write(
        "".join(f"{path} is mended.\n" for path in (*taken_back, *written))
        or "Nothing to mend: the chain of migrations is whole.\n"
    )


def _at(project: Path, commit: str) -> dict[PurePosixPath, bytes]:
    """Return the migrations of a commit."""
    listed = git.ask(project, "ls-tree", "-z", "--name-only", commit, f"{migrations.VERSIONS}/")
    if listed is None:
        raise GeneratorError(f"The project has no commit {commit}: say since=COMMIT.")
    found = {}
    for name in listed.split("\0"):
        content = git.ask(project, "show", f"{commit}:./{name}")
        if name.endswith(".py") and content is not None:
            found[PurePosixPath(name)] = content.encode(errors="surrogateescape")
    return found


def _changed(project: Path, commit: str) -> list[PurePosixPath]:
    """Return the migrations of a commit that are different by now, or gone."""
    changed = git.ask(
        project, "diff", "-z", "--name-only", "--relative", commit, "--", str(migrations.VERSIONS)
    )
    return [PurePosixPath(name) for name in (changed or "").split("\0") if name]


def _in_order(new: dict[PurePosixPath, bytes]) -> list[tuple[PurePosixPath, str]]:
    """Return new migrations so that none stands before one it follows, wherever others stand."""
    read = {path: migrations.parents(path, content) for path, content in new.items()}
    waiting = {revision: (path, parents) for path, (revision, parents) in read.items()}
    ordered: list[tuple[PurePosixPath, str]] = []
    while waiting:
        free = [name for name, (_, parents) in waiting.items() if not waiting.keys() & {*parents}]
        if not free:
            raise GeneratorError(f"These migrations follow each other: {', '.join(waiting)}.")
        for revision in free:
            path, _ = waiting.pop(revision)
            ordered.append((path, revision))
    return ordered
