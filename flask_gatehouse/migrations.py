"""Migrations: one chain in the template, one chain in every project."""

import ast
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_gatehouse import GeneratorError

FOLDER = PurePosixPath("migrations")
VERSIONS = FOLDER / "versions"
DOWN = re.compile(r"^(down_revision\s*(?::[^=\n]*)?=\s*)(?:None|['\"][^'\"\n]+['\"])", re.MULTILINE)
REVISES = re.compile(r"^Revises:.*$", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """What the generator must know of one migration."""

    path: PurePosixPath
    revision: str
    down: str | None
    feature: str


def read(path: PurePosixPath, source: str) -> Migration:
    """Read a migration by its syntax tree.

    Raises:
        GeneratorError: its docstring does not begin with a feature, or a revision is not literal.
    """
    tree = ast.parse(source)
    owner = re.match(r"(\w+):", ast.get_docstring(tree) or "")
    if not owner:
        raise GeneratorError(
            f'{path}: the docstring must begin with its feature, as in "totp: ...".'
        )
    values: dict[str, object] = {}
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
            value = getattr(node, "value", None)
            values[target.id] = value.value if isinstance(value, ast.Constant) else ...
    revision, down = values.get("revision"), values.get("down_revision", ...)
    if not isinstance(revision, str) or not (down is None or isinstance(down, str)):
        raise GeneratorError(f"{path}: revision and down_revision must be written out.")
    return Migration(path, revision, down, owner[1])


def ordered(migrations: Iterable[Migration]) -> list[Migration]:
    """Return the migrations from the first to the head.

    Raises:
        GeneratorError: they are not one unbranched chain.
    """
    child: dict[str | None, Migration] = {}
    for migration in migrations:
        if migration.down in child:
            both = f"{child[migration.down].path.name} and {migration.path.name}"
            raise GeneratorError(f"Two migrations follow {migration.down}: {both}.")
        child[migration.down] = migration
    chain: list[Migration] = []
    at: str | None = None
    while at in child:
        chain.append(child.pop(at))
        at = chain[-1].revision
    if child:
        loose = ", ".join(sorted(migration.path.name for migration in child.values()))
        raise GeneratorError(f"These migrations are not on the chain: {loose}.")
    return chain


def relinked(
    migrations: Iterable[Migration], on: Collection[str], head: str | None = None
) -> dict[PurePosixPath, str | None]:
    """Return the down_revision of every migration a project gets.

    Args:
        migrations: all of the template's.
        on: the features whose migrations are wanted.
        head: what the first of them follows.
    """
    downs: dict[PurePosixPath, str | None] = {}
    for migration in ordered(migrations):
        if migration.feature in on:
            downs[migration.path] = head
            head = migration.revision
    return downs


def with_down(source: str, down: str | None) -> str:
    """Return a migration that follows another one than it did."""
    literal = "None" if down is None else f'"{down}"'
    source = DOWN.sub(lambda found: found[1] + literal, source, count=1)
    return REVISES.sub(f"Revises: {down or ''}".rstrip(), source, count=1)
