"""`make add`: a feature of the template for a project that was generated without it."""

import sys
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, migrations, record
from flask_gatehouse.answers import Answers
from flask_gatehouse.carry import Carried, Files, carry, write_all
from flask_gatehouse.features import Catalogue, Choice
from flask_gatehouse.generate import File, render
from flask_gatehouse.project import UNDO, features_in, refuse_unclean, revisions


def add(root: Path, project: Path, feature: str) -> None:
    """Bring a feature into a project, with what it needs, and say what to do next.

    The project is generated twice, without the feature and with it, and the difference is carried
    over. Its database is not touched, so git alone can take everything back.

    Args:
        root: the template, at the commit the project was made from.
        project: the project's folder.
        feature: its name.

    Raises:
        GeneratorError: nothing was written; or all was, and some places are left to a person.
    """
    state = record.read(project)
    refuse_unclean(project)
    catalogue = Catalogue.read(root)
    present = features_in(project, catalogue.names)
    choice = catalogue.joined(present, feature)
    answers = Answers.read(state["context"]["cookiecutter"], root)
    before = render(root, answers, Choice(present)).files
    after = render(root, answers, choice).files
    wanted = {**_shared(after), **_behind_head(project, after, {*choice.names} - {*present})}
    carried = carry(project, _shared(before), wanted, insertions=True)
    recorded = record.with_features(state, catalogue.answer(choice.names)).encode()
    carried.changed[PurePosixPath(record.FILE)] = File(recorded)
    write_all(project, {**carried.new, **carried.changed})
    _say(feature, choice, carried)
    _report(carried)


def _behind_head(project: Path, generated: Files, added: set[str]) -> Files:
    """Return the new features' migrations, in the template's order, behind the project's head."""
    there, head = revisions(project)
    sources = {path: file.content.decode() for path, file in generated.items() if _migrates(path)}
    chain = [migrations.read(path, source) for path, source in sources.items()]
    downs = migrations.relinked(chain, added, head, there)
    return {
        path: File(migrations.with_down(sources[path], down).encode())
        for path, down in downs.items()
    }


def _shared(files: Files) -> Files:
    """Leave out migrations: what a database has gone through is never merged."""
    return {path: file for path, file in files.items() if not _migrates(path)}


def _migrates(path: PurePosixPath) -> bool:
    return path.parent == migrations.VERSIONS and path.suffix == ".py"


def _say(feature: str, choice: Choice, carried: Carried) -> None:
    lines = [
        f"{feature} is in (new files: {len(carried.new)}, changed: {len(carried.changed)}).",
        choice.said(),
        *(f"{path} is left out, because you have taken it away." for path in carried.absent),
        "See it:        git status && git diff",
        "Run it:        make run (installs, completes .env and upgrades the database)",
        "Keep it:       git add . && git commit",
        f"Take it back:  {UNDO} (before you run it)",
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines if line))
    sys.stdout.flush()


def _report(carried: Carried) -> None:
    """Fail where a person has to go on: whoever automates this must not commit the markers."""
    sentences = []
    if carried.conflicts:
        places = ", ".join(f"{path} ({count})" for path, count in carried.conflicts.items())
        sentences.append(f"Settle the places where you changed the same lines: {places}.")
    if carried.occupied:
        paths = ", ".join(map(str, carried.occupied))
        sentences.append(f"Files of yours stand in the place of new ones, and stay: {paths}.")
    if sentences:
        raise GeneratorError("\n".join(sentences))
