"""`make update`: what is new in the template, for a project that its owner has changed."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from flask_gatehouse import GeneratorError, changelog, features, git, migrations, record
from flask_gatehouse.carry import Carried, Files, behind, carry, without_migrations, write_all
from flask_gatehouse.features import Catalogue, Choice
from flask_gatehouse.generate import File
from flask_gatehouse.project import WHAT_NEXT, features_in, refuse_unclean, revisions
from flask_gatehouse.side import checked_out, generated, questions

CHANGELOG = "CHANGELOG.md"


def update(root: Path, project: Path, base: Path | None = None) -> None:
    """Bring a project to the state of the template that is given, and say what is new.

    The project is generated twice: by the template as it was, and as it is now. What differs is
    merged into the project, line by line. Migrations are not: a database has gone through those
    that are there, and new ones go behind the project's head.

    Args:
        root: the template as the project shall follow it.
        project: the project's folder.
        base: the template as the project was made from it, where no commit is recorded.

    Raises:
        GeneratorError: nothing was written; or all was, and some places are left to a person.
    """
    state = record.read(project)
    refuse_unclean(project)
    was, now = state["commit"], record.commit_of(root)
    if base is None and was and was == now:
        sys.stdout.write("Nothing to do: the project follows the template already.\n")
        return
    _refuse_going_back(root, was, now)
    with _base(root, was, base) as former:
        known = Catalogue.read(former)
        # A feature of the owner may have got the name of one that came to the template later.
        present = features_in(project, known.names)
        choice = _choice(root, present, whole={*known.resolve("minimal").names} <= {*present})
        answers = state["context"]["cookiecutter"]
        before = _side(former, answers, present)
        after = _side(root, answers, choice.names)
        news = changelog.news(_changelog(former), _changelog(root))
    there, head = revisions(project)
    old = {migrations.parents(path, one.content)[0]: one for path, one in _migrations(before)}
    wanted = {**without_migrations(after), **behind(head, after, choice.names, {*there, *old})}
    carried = carry(project, without_migrations(before), wanted, insertions=False)
    renewed = record.renewed(state, now, _answers(root, answers, choice.names))
    carried.changed[PurePosixPath(record.FILE)] = File(renewed.encode())
    write_all(project, carried)
    _say((was, now), choice, carried, _rewritten(old, after), news)
    carried.refuse_what_is_left()


def _refuse_going_back(root: Path, was: str | None, now: str | None) -> None:
    if was and now and git.ask(root, "merge-base", "--is-ancestor", now, was) is not None:
        raise GeneratorError(
            f"The template at {now[:12]} is older than what this project follows ({was[:12]}): "
            "nothing goes back by itself."
        )


@contextmanager
def _base(root: Path, commit: str | None, folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        if not (folder / "cookiecutter.json").is_file():
            raise GeneratorError(f"{folder} is no folder of the template.")
        yield folder
    elif commit is None:
        raise GeneratorError(
            f"{record.FILE} names no commit, as after a zip: BASE= names the folder of the "
            "template that this project was made from."
        )
    else:
        with checked_out(root, commit) as former:
            yield former


def _choice(root: Path, present: tuple[str, ...], *, whole: bool) -> Choice:
    """Return the project's features, and what the newer template brings along with them."""
    catalogue = Catalogue.read(root)
    if gone := [name for name in present if name not in catalogue.names]:
        raise GeneratorError(
            f"The template has no {', '.join(gone)} any more: take it out of this project first "
            "(docs/how-to/take-a-feature-out.md), or stay with TO= an older commit."
        )
    return catalogue.completed(present, whole=whole)


def _answers(root: Path, given: Mapping[str, object], names: tuple[str, ...]) -> dict[str, object]:
    """Return the answers to what a state of the template asks; what is new gets its default."""
    answers = {name: given.get(name, default) for name, default in questions(root).items()}
    # By name, because "recommended" means more from one release to the next.
    return {**answers, "features": Catalogue.read(root).answer(names)}


def _side(root: Path, given: Mapping[str, object], names: tuple[str, ...]) -> Files:
    """Return what a state of the template makes for a project with these features.

    No answer leaves out what every project gets; its owner may have done so all the same.
    """
    known = Catalogue.read(root).names
    taken_out = set(known) - set(names)
    return {
        path: file
        for path, file in generated(root, _answers(root, given, names)).items()
        if taken_out.isdisjoint(features.features_of(path, known))
    }


def _changelog(root: Path) -> str:
    path = root / CHANGELOG
    return path.read_text("utf-8") if path.is_file() else ""


def _migrations(files: Files) -> list[tuple[PurePosixPath, File]]:
    return [(path, file) for path, file in files.items() if migrations.is_one(path)]


def _rewritten(old: Mapping[str, File], after: Files) -> list[str]:
    """Return the migrations whose content, and not only their place, is another by now."""

    def content(file: File) -> str:
        return migrations.with_down(file.content.decode(), None)

    return [
        str(path)
        for path, file in _migrations(after)
        if (former := old.get(migrations.parents(path, file.content)[0]))
        and content(file) != content(former)
    ]


def _say(
    commits: tuple[Any, Any],
    choice: Choice,
    carried: Carried,
    rewritten: list[str],
    news: Mapping[str, list[str]],
) -> None:
    was, now = (str(commit or "a folder")[:12] for commit in commits)
    said = (line for heading, entries in news.items() for line in ("", f"{heading}:", *entries))
    lines = [
        f"Updated from {was} to {now} ({carried.counted()}).",
        *([choice.said()] if choice.brought else []),
        *said,
        "",
        *carried.remarks(),
        *(
            f"{path} stays as it is, because databases have gone through it; the template's is "
            "another by now: compare them."
            for path in rewritten
        ),
        *WHAT_NEXT,
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
