"""Carry the difference between two generations into a project that its owner has changed."""

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, migrations
from flask_gatehouse.generate import File, write
from flask_gatehouse.merge import is_text, merge

Files = Mapping[PurePosixPath, File]


@dataclass
class Carried:
    """What is to be written, and what is left to a person.

    Attributes:
        new: files the project did not have.
        changed: files with the template's lines and the owner's.
        removed: files the template has dropped, and the owner never changed.
        conflicts: how many places in a changed file both sides wrote.
        occupied: files of the owner that stand where the template's belong; they stay.
        absent: files the template changes and the owner has taken away; they stay away.
        kept: files the template has dropped and the owner has changed; they stay.
    """

    new: dict[PurePosixPath, File] = field(default_factory=dict)
    changed: dict[PurePosixPath, File] = field(default_factory=dict)
    removed: list[PurePosixPath] = field(default_factory=list)
    conflicts: dict[PurePosixPath, int] = field(default_factory=dict)
    occupied: list[PurePosixPath] = field(default_factory=list)
    absent: list[PurePosixPath] = field(default_factory=list)
    kept: list[PurePosixPath] = field(default_factory=list)

    def counted(self) -> str:
        """Say in numbers what is written."""
        counts = {"new files": self.new, "changed": self.changed, "removed": self.removed}
        return ", ".join(f"{name}: {len(paths)}" for name, paths in counts.items() if paths)

    def remarks(self) -> list[str]:
        """Return a sentence for each file that is left as its owner wants it."""
        gone = (f"{path} is left out, because you have taken it away." for path in self.absent)
        kept = (
            f"{path} is not in the template any more; yours stays, because you have changed it."
            for path in self.kept
        )
        return [*gone, *kept]

    def refuse_what_is_left(self) -> None:
        """Fail where a person has to go on: whoever automates this must not commit the markers.

        Raises:
            GeneratorError: both sides wrote the same lines, or the same file.
        """
        sentences = []
        if self.conflicts:
            places = ", ".join(f"{path} ({count})" for path, count in self.conflicts.items())
            sentences.append(f"Settle the places where you changed the same lines: {places}.")
        if self.occupied:
            paths = ", ".join(map(str, self.occupied))
            sentences.append(f"Files of yours stand in the place of new ones, and stay: {paths}.")
        if sentences:
            raise GeneratorError("\n".join(sentences))


def carry(project: Path, before: Files, after: Files, *, insertions: bool) -> Carried:
    """Work out what the way from one generation to another changes in a project.

    Args:
        project: its folder; nothing is written.
        before: the files as the project was generated.
        after: the files as they are wanted.
        insertions: see `merge`.
    """
    carried = Carried()
    for path, wanted in after.items():
        generated = before.get(path)
        if wanted == generated:
            continue
        mine = _read(project / path)
        if generated is None:
            _bring(carried, path, mine, wanted)
        elif mine is None:
            carried.absent.append(path)
        else:
            _change(carried, path, mine, (generated, wanted), insertions=insertions)
    for path, generated in before.items():
        if path not in after and (mine := _read(project / path)) is not None:
            (carried.removed if mine == generated.content else carried.kept).append(path)
    return carried


def without_migrations(files: Files) -> Files:
    """Leave out migrations: what a database has gone through is never merged."""
    return {path: file for path, file in files.items() if not migrations.is_one(path)}


def behind(
    head: str | None, generated: Files, features: Collection[str], not_again: Collection[str]
) -> Files:
    """Return migrations in the template's order, the first of them behind a head.

    Args:
        head: the project's.
        generated: the files of a generation.
        features: whose migrations are wanted.
        not_again: revisions that are left out.
    """
    sources = {
        path: file.content.decode() for path, file in generated.items() if migrations.is_one(path)
    }
    chain = [migrations.read(path, source) for path, source in sources.items()]
    downs = migrations.relinked(chain, features, head, not_again)
    return {
        path: File(migrations.with_down(sources[path], down).encode())
        for path, down in downs.items()
    }


def _bring(carried: Carried, path: PurePosixPath, mine: bytes | None, wanted: File) -> None:
    if mine is None:
        carried.new[path] = wanted
    elif mine != wanted.content:
        carried.occupied.append(path)


def _change(
    carried: Carried,
    path: PurePosixPath,
    mine: bytes,
    sides: tuple[File, File],
    *,
    insertions: bool,
) -> None:
    generated, wanted = sides
    if mine in (generated.content, wanted.content):
        carried.changed[path] = wanted
    elif not all(map(is_text, (mine, generated.content, wanted.content))):
        if generated.content != wanted.content:  # a picture cannot be merged
            carried.occupied.append(path)
    else:
        merged = merge(mine, generated.content, wanted.content, insertions=insertions)
        carried.changed[path] = File(merged.content, wanted.executable)
        if merged.conflicts:
            carried.conflicts[path] = merged.conflicts


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def write_all(project: Path, carried: Carried) -> None:
    """Write and remove what was worked out, or leave everything as it was.

    Raises:
        GeneratorError: a file cannot be written.
    """
    files = {**carried.new, **carried.changed}
    before = {path: _read(project / path) for path in (*files, *carried.removed)}
    begun: list[PurePosixPath] = []
    try:
        for path in before:
            begun.append(path)
            if path in files:
                write(project / path, files[path])
            else:
                _remove(project / path)
    except BaseException as error:  # an interruption too must leave nothing half-written
        for path in begun:
            _put_back(project / path, before[path])
        if isinstance(error, OSError):
            sentence = f"{begun[-1]} cannot be written, so nothing was: {error.strerror}."
            raise GeneratorError(sentence) from error
        raise


def _put_back(path: Path, before: bytes | None) -> None:
    with suppress(OSError):
        if before is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(before)
        else:
            _remove(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):
        os.removedirs(path.parent)  # as far up as the folders are empty
