"""A feature comes as files: it changes no line of Python and no template of a project."""

from pathlib import Path, PurePosixPath

import pytest

from flask_gatehouse.answers import Answers
from flask_gatehouse.features import Catalogue
from flask_gatehouse.generate import File, render
from tests.template.ring import can_be_left_out, without

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Catalogue.read(ROOT)


def made(features: str) -> dict[PurePosixPath, File]:
    """Return the code and the templates of a project."""
    answers = Answers("Shop", "shop", "A shop.", "Ada", "ada@example.com", "MIT", features)
    files = render(ROOT, answers).files
    return {path: file for path, file in files.items() if path.parts[0] in ("app", "templates")}


EVERYTHING = made("everything")


@pytest.mark.parametrize("feature", can_be_left_out(CATALOGUE))
def test_a_feature_adds_files_and_changes_none(feature: str) -> None:
    before = made(CATALOGUE.answer(without(CATALOGUE, feature)))
    assert before.keys() < EVERYTHING.keys()
    changed = {str(path) for path, file in before.items() if file != EVERYTHING[path]}
    assert changed == {"app/features.py"}  # one line more
