"""`make add`: a feature of the template for a project that was generated without it."""

import sys
from pathlib import Path, PurePosixPath

from flask_gatehouse import record
from flask_gatehouse.answers import Answers
from flask_gatehouse.carry import Carried, behind, carry, without_migrations, write_all
from flask_gatehouse.features import Catalogue, Choice
from flask_gatehouse.generate import File, render
from flask_gatehouse.project import WHAT_NEXT, features_in, refuse_unclean, revisions


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
    there, head = revisions(project)
    wanted = {
        **without_migrations(after),
        **behind(head, after, {*choice.names} - {*present}, there),
    }
    carried = carry(project, without_migrations(before), wanted, insertions=True)
    recorded = record.with_features(state, catalogue.answer(choice.names)).encode()
    carried.changed[PurePosixPath(record.FILE)] = File(recorded)
    write_all(project, carried)
    _say(feature, choice, carried)
    carried.refuse_what_is_left()


def _say(feature: str, choice: Choice, carried: Carried) -> None:
    lines = [
        f"{feature} is in ({carried.counted()}).",
        choice.said(),
        *carried.remarks(),
        *WHAT_NEXT,
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines if line))
    sys.stdout.flush()
