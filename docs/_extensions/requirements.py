"""A directive that computes what the OWASP ASVS asks for, and what proves that it is met."""

import ast
import tomllib
from functools import cache
from typing import Any

from declarations import ROOT, Computed, proved_by, table
from sphinx.application import Sphinx

ASKED = ROOT / "docs" / "explanation" / "asvs.toml"


@cache
def asked() -> dict[str, Any]:
    """Return the requirements by chapter, and what is said of them besides the tests."""
    return tomllib.loads(ASKED.read_text("utf-8"))


@cache
def proofs() -> dict[str, dict[str, list[str]]]:
    """Return the tests that name each requirement, by their file."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in proved_by(node):
                    found.setdefault(number, {}).setdefault(place, []).append(node.name)
    return found


def state(chapter: str, number: str) -> tuple[str, str]:
    """Return how a requirement stands, and what shows it."""
    said = asked()
    for standing in ("excepted", "absent"):
        if reason := said[standing].get(number) or said[standing].get(chapter):
            return standing, reason
    shown = [
        f"`{place}`: " + ", ".join(f"`{name}`" for name in sorted(set(names)))
        for place, names in proofs().get(number, {}).items()
    ]
    answer = said["answered"].get(number)
    if answer and (ROOT / answer).exists():
        shown.insert(0, f"`{answer}`")
    if not shown:
        return "not here", "It concerns a part that is not in this project."
    setting = said["settings"].get(number)
    return f"met with {setting}" if setting else "met", "; ".join(shown)


class Requirements(Computed):
    """Every requirement with its level, its state and its proofs, by chapter."""

    def text(self) -> str:
        """Return how many there are of each state, and a table for each chapter."""
        chapters = {name: rows for name, rows in asked().items() if "title" in rows}
        counted: dict[str, int] = {}
        parts = []
        for chapter, rows in chapters.items():
            lines = []
            for number, (level, words) in ((n, r) for n, r in rows.items() if n != "title"):
                standing, shown = state(chapter, number)
                kind = "met with a setting" if standing.startswith("met with") else standing
                counted[kind] = counted.get(kind, 0) + 1
                lines.append((number, str(level), words, standing, shown))
            head = ("Number", "Level", "What is asked", "State", "What shows it")
            parts.append(f"## {chapter} {rows['title']}\n\n{table(head, lines)}")
        total = ", ".join(f"{number} {kind}" for kind, number in counted.items())
        return "\n\n".join((f"Of {sum(counted.values())} requirements: {total}.", *parts))


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directive its name."""
    app.add_directive("requirements", Requirements)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
