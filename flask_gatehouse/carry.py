"""Carry the difference between two generations into a project that its owner has changed."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError
from flask_gatehouse.generate import File, write
from flask_gatehouse.merge import merge

Files = Mapping[PurePosixPath, File]


@dataclass
class Carried:
    """What is to be written, and what is left to a person.

    Attributes:
        new: files the project did not have.
        changed: files with the template's lines and the owner's.
        conflicts: how many places in a changed file both sides wrote.
        occupied: files of the owner that stand where a new one belongs; they stay.
        absent: files the template changes and the owner has taken away; they stay away.
    """

    new: dict[PurePosixPath, File] = field(default_factory=dict)
    changed: dict[PurePosixPath, File] = field(default_factory=dict)
    conflicts: dict[PurePosixPath, int] = field(default_factory=dict)
    occupied: list[PurePosixPath] = field(default_factory=list)
    absent: list[PurePosixPath] = field(default_factory=list)


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
            merged = merge(mine, generated.content, wanted.content, insertions=insertions)
            carried.changed[path] = File(merged.content, wanted.executable)
            if merged.conflicts:
                carried.conflicts[path] = merged.conflicts
    return carried


def _bring(carried: Carried, path: PurePosixPath, mine: bytes | None, wanted: File) -> None:
    if mine is None:
        carried.new[path] = wanted
    elif mine != wanted.content:
        carried.occupied.append(path)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def write_all(project: Path, files: Files) -> None:
    """Write all files, or leave everything as it was.

    Raises:
        GeneratorError: one of them cannot be written.
    """
    before = {path: _read(project / path) for path in files}
    begun: list[PurePosixPath] = []
    try:
        for path, file in files.items():
            begun.append(path)
            write(project / path, file)
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
            path.write_bytes(before)
        else:
            path.unlink(missing_ok=True)
            os.removedirs(path.parent)  # as far up as the folders are empty
