"""Three-way merge of one file: the owner's, the one that was generated, the one that is wanted."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask_gatehouse import GeneratorError, git

# Longer than any line of equals signs under a heading, which seven of them could be.
WIDTH = 60
HUNK = re.compile(
    rf"^<{{{WIDTH}}} .*?\n(.*?)^\|{{{WIDTH}}} .*?\n(.*?)^={{{WIDTH}}}\n(.*?)^>{{{WIDTH}}} .*?\n",
    re.MULTILINE | re.DOTALL,
)
MARK = re.compile(rf"^([<|=>])\1{{{WIDTH - 1}}}", re.MULTILINE)
NAMES = ("yours", "generated", "template")


@dataclass(frozen=True)
class Merged:
    """A merged file and how many places in it are left for a person to settle."""

    content: bytes
    conflicts: int


def merge(mine: bytes, base: bytes, theirs: bytes, *, insertions: bool) -> Merged:
    """Merge what the owner and the template have changed in one file.

    Args:
        mine: the file as its owner has it.
        base: the file as it was generated.
        theirs: the file as the template wants it.
        insertions: whether the template only adds, so that two insertions at the same place can
            stand one after the other. An update must not pass this: there a line may have moved.

    Raises:
        GeneratorError: git is missing, or the file is not text.
    """
    for one, other, result in ((mine, base, theirs), (base, theirs, mine), (mine, theirs, mine)):
        if one == other:
            return Merged(result, 0)
    # An editor of Windows may have changed every line end: no line of them would be the same.
    if _is_of_windows(mine) and b"\r\n" not in base + theirs:
        merged = merge(mine.replace(b"\r\n", b"\n"), base, theirs, insertions=insertions)
        return Merged(merged.content.replace(b"\n", b"\r\n"), merged.conflicts)
    left = 0

    def settle(hunk: re.Match[str]) -> str:
        nonlocal left
        settled = _both(*hunk.groups()) if insertions else None
        if settled is not None:
            return settled
        left += 1
        return MARK.sub(lambda mark: mark[1] * 7, hunk[0])

    # Surrogates carry bytes that are no UTF-8 through to the other side.
    text = _merge_file(mine, base, theirs).decode("utf-8", "surrogateescape")
    return Merged(HUNK.sub(settle, text).encode("utf-8", "surrogateescape"), left)


def is_text(content: bytes) -> bool:
    """Tell whether a file can be merged, by the sign that git itself goes by."""
    return b"\0" not in content[:8000]


def _is_of_windows(content: bytes) -> bool:
    """Tell whether every line ends as Windows ends it: a mixed file keeps its mixture."""
    return 0 < content.count(b"\n") == content.count(b"\r\n")


def _merge_file(mine: bytes, base: bytes, theirs: bytes) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise GeneratorError("git is not installed; a merge needs it.")
    with tempfile.TemporaryDirectory() as scratch:
        # The base lies on disk: a fresh clone of the project does not have it among its blobs.
        for name, content in zip(NAMES, (mine, base, theirs), strict=True):
            Path(scratch, name).write_bytes(content)
        labels = [word for name in NAMES for word in ("-L", name)]
        command = [program, "merge-file", "-p", "--diff3", f"--marker-size={WIDTH}", *labels]
        done = subprocess.run(  # noqa: S603
            [*command, *NAMES], cwd=scratch, env=git.environment(), capture_output=True, check=False
        )
    if done.returncode > 127:  # below it is the number of conflicts
        raise GeneratorError(f"git cannot merge: {done.stderr.decode(errors='replace').strip()}.")
    return done.stdout


def _both(mine: str, base: str, theirs: str) -> str | None:
    """Return both sides' insertions in the order that keeps blocks whole, or None."""
    if not theirs.startswith(base):
        return None
    new = theirs.removeprefix(base)
    if mine.startswith(base):
        own = mine.removeprefix(base)
        # The deeper block first: it belongs to what stands above it.
        return base + (new + own if _indent(new) > _indent(own) else own + new)
    if _indent(new) == _indent(mine, last=True):  # the owner changed the lines before
        return mine + new
    return None


def _indent(block: str, *, last: bool = False) -> int:
    lines = [line for line in block.splitlines() if line.strip()] or [""]
    line = lines[-1 if last else 0]
    return len(line) - len(line.lstrip())
