"""The tutorial run: each chapter takes the project of the one before it to its own.

By induction: the first chapter begins with `make new`, every other one at the generated project
`up to` the chapter before it, and each must end at the generated project `up to` its own feature.
So the chapters run side by side, and together they lead to the project with everything. In
`make matrix` they are carried out one after another in one project, as a learner does.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.features import FEATURES
from tests.template.documents.page import Reader, examples, source
from tests.template.documents.projects import ProjectFolder, committed, to_be_committed

Git = Callable[..., str]
ROOT = Path(__file__).resolve().parents[3]
TUTORIAL = Path("docs/tutorial")
BEGIN = TUTORIAL / "going_in.md"
START = "$ make run\n"
MATRIX = os.environ.get("GATEHOUSE_MATRIX") == "1"
RUNS = {"first to last": FEATURES} if MATRIX else {name: (name,) for name in FEATURES}


def begin_and_onward() -> tuple[str, str]:
    """Return the commands that make the first project, and those that add the second feature."""
    begin, onward = (block.region.lexemes["source"] for block in examples(ROOT / BEGIN))
    return begin, onward


def commands_before(name: str) -> str:
    """Return the commands that bring a feature in before its chapter is read.

    The last of them starts the application, and so does the first of each chapter. The page with
    these commands names the second feature; only there is the application started twice.
    """
    _, onward = begin_and_onward()
    second = FEATURES[1]
    if name == second:
        return onward
    assert onward.endswith(START)
    return onward.removesuffix(START).replace(second, name)


def test_a_chapter_makes_no_account_that_one_before_it_left() -> None:
    """Seen at once, and not after the hour in which the run from first to last gets there."""
    made: dict[str, str] = {}
    for name in FEATURES:
        text = (ROOT / TUTORIAL / f"{name}.md").read_text("utf-8")
        for email in re.findall(r"(?:accounts create|roles admin) (\S+)", text):
            assert made.setdefault(email, name) == name, f"{name} makes {email} again"
        for email in re.findall(r"accounts erase (\S+) --yes", text):
            made.pop(email, None)


@pytest.mark.parametrize("name", FEATURES[1:])
def test_a_feature_is_brought_in_by_the_commands_of_the_page(name: str) -> None:
    commands = commands_before(name)
    assert f"$ make add feature={name}\n" in commands
    assert f'--message "Add {name}"\n' in commands
    assert (START in commands) == (name == FEATURES[1])


@pytest.mark.parametrize("name", FEATURES[1:])
def test_a_chapter_starts_the_application_before_it_asks_for_anything(name: str) -> None:
    blocks = [source(block) for block in examples(ROOT / TUTORIAL / f"{name}.md")]
    assert START in blocks[0]


@pytest.fixture
def project_before(
    request: pytest.FixtureRequest, project_folder: ProjectFolder, reader: Callable[[Path], Reader]
) -> Callable[[str], Path]:
    """Make the project in which a chapter begins."""

    def _project_before(name: str) -> Path:
        if name != FEATURES[0]:
            return project_folder.set_up(f"up to {FEATURES[FEATURES.index(name) - 1]}")
        workshop = request.getfixturevalue("workshop")
        with reader(request.getfixturevalue("as_cloned")(workshop)) as beginner:
            beginner.terminal.carry_out(begin_and_onward()[0])
            return beginner.terminal.folder

    return _project_before


@pytest.mark.browser
@pytest.mark.parametrize("chapters", RUNS.values(), ids=RUNS)
def test_a_chapter_ends_at_the_generated_project_with_its_feature(
    chapters: tuple[str, ...],
    project_before: Callable[[str], Path],
    reader: Callable[[Path], Reader],
    git: Git,
    template: Path,
) -> None:
    project = project_before(chapters[0])
    for name in chapters:
        with reader(project) as learner:
            if name != FEATURES[0]:
                learner.terminal.carry_out(commands_before(name))
            learner.read(project / TUTORIAL / f"{name}.md")
        assert git(project, "status", "--porcelain") == "", f"{name} leaves changes behind"
    assert committed(git, project) == to_be_committed(template, f"up to {chapters[-1]}", project)
