"""What `python -m flask_gatehouse features` shows, read from the files themselves."""

import ast
import re
from pathlib import Path

from flask_gatehouse.features import Catalogue, Declaration

DEPENDENCY = re.compile(r'^ +"([A-Za-z0-9._-]+)[^"]*",\s*# feature: ([\w|, ]+)$', re.MULTILINE)


def describe(root: Path) -> str:
    """Return a paragraph for each feature: what it brings, needs, its tables and packages."""
    catalogue = Catalogue.read(root)
    return "\n".join(_paragraph(root, feature) for feature in catalogue.declarations)


def _paragraph(root: Path, feature: Declaration) -> str:
    facts = {
        "needs": feature.needs,
        "tables": tables(root, feature.name),
        "packages": packages(root, feature.name),
    }
    lines = [f"{feature.name} ({feature.offered})", f"  {feature.summary}"]
    lines += [f"  {fact}: {', '.join(values)}" for fact, values in facts.items() if values]
    return "\n".join(lines) + "\n"


def tables(root: Path, feature: str) -> tuple[str, ...]:
    """Return the tables that a feature's migrations create."""
    found: list[str] = []
    for path in sorted((root / "migrations" / "versions").glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        if (ast.get_docstring(tree) or "").startswith(f"{feature}:"):
            found += [
                str(ast.literal_eval(node.args[0]))
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "create_table"
            ]
    return tuple(found)


def packages(root: Path, feature: str) -> tuple[str, ...]:
    """Return the packages that the project's pyproject.toml requires because of a feature."""
    text = (root / "pyproject.toml").read_text("utf-8")
    return tuple(
        name for name, tagged in DEPENDENCY.findall(text) if feature in re.split(r"[|,\s]+", tagged)
    )
