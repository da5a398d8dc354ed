"""Seams: the blank lines where something was taken out, as the formatter wants them."""

import re
import sys

# A project's own formatter and linter must find nothing to change in generated code.
DEFINITION = re.compile(r"(?:async def|def|class)\b|@")
IMPORT = re.compile(r"(?:from|import)\s+(\w+)")


def sewn(pieces: list[list[str]], *, python: bool) -> list[str]:
    """Join pieces of a file between which lines were taken out.

    Args:
        pieces: runs of lines that stood together in the template.
        python: whether the blank lines follow the rules of Python code.
    """
    if len(pieces) == 1:
        return pieces[0]
    joined: list[str] = []
    for piece in pieces:
        before, after = _trailing_blanks(joined), _trailing_blanks(piece[::-1])
        rest = piece[after:]
        blanks = max(before, after)
        del joined[len(joined) - before :]
        if python and joined and rest:
            blanks = _wanted(joined, rest[0], blanks)
        joined += [""] * (blanks if joined else 0) + rest
    return [*joined[: len(joined) - _trailing_blanks(joined)], ""]


def _trailing_blanks(lines: list[str]) -> int:
    count = 0
    while count < len(lines) and not lines[-1 - count].strip():
        count += 1
    return count


def _wanted(above: list[str], below: str, found: int) -> int:
    """Return how many blank lines belong between two lines of Python code."""
    last = above[-1]
    if last.rstrip().endswith(("(", "[", "{", ":")) or below.lstrip().startswith((")", "]", "}")):
        return 0
    if below[0].isspace():
        return min(found, 1)
    if imported := _import_above(above):
        if following := IMPORT.match(below):
            return int(_section(imported) != _section(following[1]))
        return 2 if DEFINITION.match(below) else 1
    if last[0].isspace():  # the end of a function or class
        return 2
    return max(found, 2) if DEFINITION.match(below) and not last.startswith(("@", "#")) else found


def _import_above(above: list[str]) -> str | None:
    """Return the package that the statement just above imports, if it is an import."""
    for line in reversed(above):
        if found := IMPORT.match(line):
            return found[1]
        if not (line.startswith(")") or line[:1].isspace()):
            return None
    return None


def _section(package: str) -> int:
    if package in sys.stdlib_module_names:
        return 0
    return 2 if package in ("app", "tests") else 1
