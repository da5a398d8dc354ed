"""Migrations: one chain in the template, one chain in every project."""

import ast
import re
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask_gatehouse import GeneratorError

FOLDER = PurePosixPath("migrations")
VERSIONS = FOLDER / "versions"
DOWN = re.compile(r"^(down_revision\s*(?::[^=\n]*)?=\s*)(?:None|['\"][^'\"\n]+['\"])", re.MULTILINE)
WRITTEN_OUT = "revision and down_revision must be written out."
REVISES = re.compile(r"^Revises:.*$", re.MULTILINE)


@dataclass(frozen=True)
class Migration:
    """What the generator must know of one migration."""

    path: PurePosixPath
    revision: str
    down: str | None
    feature: str


def is_one(path: PurePosixPath) -> bool:
    """Tell whether a file of a project is a migration."""
    return path.parent == VERSIONS and path.suffix == ".py"


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
    revision, down = _identifiers(path, tree)
    if not (down is None or isinstance(down, str)):
        raise GeneratorError(f"{path}: {WRITTEN_OUT}")
    return Migration(path, revision, down, owner[1])


def parents(path: PurePosixPath, source: bytes) -> tuple[str, tuple[str, ...]]:
    """Return a migration's revision and what it follows; any migration of an owner will do.

    Raises:
        GeneratorError: one of them is not written out.
    """
    try:
        revision, down = _identifiers(path, ast.parse(source))
    except (SyntaxError, ValueError):  # ValueError: a NUL in it
        raise GeneratorError(f"{path} is no Python code.") from None
    if isinstance(down, str):
        return revision, (down,)
    return revision, tuple(down) if isinstance(down, tuple | list) else ()


def heads(found: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return the revisions that no other follows.

    Args:
        found: each revision with those it follows.
    """
    chain = dict(found)
    followed = {parent for parents in chain.values() for parent in parents}
    return [revision for revision in chain if revision not in followed]


def _identifiers(path: PurePosixPath, tree: ast.Module) -> tuple[str, object]:
    values: dict[str, object] = {}
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
        if isinstance(target, ast.Name) and target.id in ("revision", "down_revision"):
            with suppress(ValueError):
                values[target.id] = ast.literal_eval(node.value)
    revision = values.get("revision")
    if not isinstance(revision, str) or "down_revision" not in values:
        raise GeneratorError(f"{path}: {WRITTEN_OUT}")
    return revision, values["down_revision"]


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
    migrations: Iterable[Migration],
    on: Collection[str],
    head: str | None = None,
    there: Collection[str] = (),
) -> dict[PurePosixPath, str | None]:
    """Return the down_revision of every migration a project gets.

    Args:
        migrations: all of the template's.
        on: the features whose migrations are wanted.
        head: what the first of them follows.
        there: revisions the project has already; they stay where they are.
    """
    downs: dict[PurePosixPath, str | None] = {}
    for migration in ordered(migrations):
        if migration.feature in on and migration.revision not in there:
            downs[migration.path] = head
            head = migration.revision
    return downs


def with_down(source: str, down: str | None) -> str:
    """Return a migration that follows another one than it did."""
    literal = "None" if down is None else f'"{down}"'
    source = DOWN.sub(lambda found: found[1] + literal, source, count=1)
    return REVISES.sub(f"Revises: {down or ''}".rstrip(), source, count=1)
