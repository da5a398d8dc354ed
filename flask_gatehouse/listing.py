"""What the commands `features` and `files` show, read from the template itself."""

import ast
import re
import tomllib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from flask_gatehouse.copying import files
from flask_gatehouse.features import Catalogue, Declaration, features_of
from flask_gatehouse.migrations import FOLDER, VERSIONS, read
from flask_gatehouse.tags import TEMPLATE, apply_tags, whole_file_tag


def describe(root: Path) -> str:
    """Return a paragraph for each feature: what it brings, needs, its tables and packages."""
    catalogue = Catalogue.read(root)
    return "\n".join(_paragraph(root, feature) for feature in catalogue.declarations)


def describe_files(root: Path) -> str:
    """Return a line for each file of a project with everything: its path and whose it is."""
    return "".join(f"{path}\t{owner}\n" for path, owner in owners(root).items())


def owners(root: Path) -> dict[PurePosixPath, str]:
    """Return every file a project can have, with the feature it comes with.

    A file comes with the feature whose place it is in, whose tag it carries (the later, if these
    are two), or whose migration it is. What no feature claims is the house's, and comes with the
    first of them.
    """
    names = Catalogue.read(root).names
    found = {path: _owner(root, path, names) for path in files(root)}
    # Alembic's own files come and go with the first table.
    first = min((names.index(found[path]) for path in found if path.parent == VERSIONS), default=0)
    for path, name in found.items():
        if FOLDER in path.parents and name == names[0]:
            found[path] = names[first]
    return {path: name for path, name in found.items() if name != TEMPLATE}


def _owner(root: Path, path: PurePosixPath, names: tuple[str, ...]) -> str:
    place = max(features_of(path, names), key=names.index, default=names[0])
    try:
        text = (root / path).read_text("utf-8")
    except UnicodeDecodeError:
        return place
    if path.parent == VERSIONS:
        return read(path, text).feature
    # A tag that names several stands for the first of them to come.
    tagged = {name.strip() for name in re.split(r"[|,]", whole_file_tag(text))}
    tag = next((name for name in (TEMPLATE, *names) if name in tagged), place)
    # A file with a place and a tag waits for both.
    return tag if tag == TEMPLATE else max(place, tag, key=names.index)


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
    """Return the packages that a project runs with because of a feature.

    What no feature claims is the house's, and comes with the first of them.
    """
    names = Catalogue.read(root).names
    others = () if feature == names[0] else _required(root, (), names)
    return tuple(one for one in _required(root, (feature,), names) if one not in others)


def _required(root: Path, on: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    text = apply_tags((root / "pyproject.toml").read_text("utf-8"), on, known, "pyproject.toml")
    required = tomllib.loads(text or "")["project"]["dependencies"]
    return tuple(re.split(r"[^\w.-]", requirement, maxsplit=1)[0] for requirement in required)
