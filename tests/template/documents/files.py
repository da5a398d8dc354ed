"""Files that a page lets its reader write or edit."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from tests.template.documents import Fault

NEXT_EDIT = "@@"


def carry_out(block: Mapping[str, Any], folder: Path) -> None:
    """Write the file that a block's caption names, or edit it where the block is a diff.

    Raises:
        Fault: there is no caption, or what is to be edited is not found exactly once.
    """
    caption = block["options"].get("caption")
    if not caption:
        raise Fault("This block names no file: give it a :caption:, or <!-- not run: reason -->")
    name = PurePosixPath(caption)
    if name.is_absolute() or ".." in name.parts:
        raise Fault(f"{name} is outside the project.")
    path = folder / name
    if block["arguments"] == "diff":
        if not path.is_file():
            raise Fault(f"There is no {name} to edit.")
        try:
            path.write_text(edited(path.read_text("utf-8"), block["source"]), "utf-8")
        except Fault as fault:
            raise Fault(f"{name}: {fault}") from None
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["source"], "utf-8")


def edited(text: str, diff: str) -> str:
    """Return a text after the edits of a diff without line numbers.

    Raises:
        Fault: what is to be edited is not found exactly once.
    """
    lines = text.splitlines()
    for before, after in _edits(diff):
        found = [at for at in range(len(lines)) if lines[at : at + len(before)] == before]
        if len(found) != 1:
            sought = "\n".join(before)
            raise Fault(f"These lines occur {len(found)} times, not once:\n{sought}")
        lines[found[0] : found[0] + len(before)] = after
    return "".join(f"{line}\n" for line in lines)


def _edits(diff: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the lines that are found and the lines that take their place."""
    before: list[str] = []
    after: list[str] = []
    for line in [*diff.splitlines(), NEXT_EDIT]:
        sign, text = line[:1], line[1:]
        if line == NEXT_EDIT:
            if before:
                yield before, after
            before, after = [], []
        elif sign in ("", " ", "-", "+"):
            before += [text] if sign != "+" else []
            after += [text] if sign != "-" else []
        else:
            raise Fault(f"A line of a diff begins with a blank, - or +, not so: {line}")
