"""The learner's walk: from `up to site`, chapter by chapter, to the project with everything."""

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from app.features import FEATURES
from flask_gatehouse.record import FILE as RECORD
from tests.template.documents.page import Reader, examples

Git = Callable[..., str]
ROOT = Path(__file__).resolve().parents[3]
BEGIN = Path("docs/tutorial/going_in.md")


def files(git: Git, project: Path) -> dict[str, bytes]:
    """Return what is committed in a project, but for the record of where it came from."""
    names = git(project, "ls-files", "-z").split("\0")
    return {name: (project / name).read_bytes() for name in names if name not in ("", RECORD)}


def test_a_chapter_makes_no_account_that_one_before_it_left() -> None:
    """Seen at once, and not after the hour in which the walk gets there."""
    made: dict[str, str] = {}
    for name in FEATURES:
        text = (ROOT / BEGIN).with_name(f"{name}.md").read_text("utf-8")
        for email in re.findall(r"accounts create (\S+)", text):
            assert made.setdefault(email, name) == name, f"{name} makes {email} again"
        for email in re.findall(r"accounts erase (\S+) --yes", text):
            made.pop(email, None)


@pytest.mark.browser
def test_the_walk_through_all_chapters_ends_in_the_project_with_everything(
    workshop: Path,
    reader: Callable[[Path], Reader],
    git: Git,
    tmp_path: Path,
    cookiecutter: Callable[..., CompletedProcess[str]],
) -> None:
    begin, onward = (block.region.lexemes["source"] for block in examples(workshop / BEGIN))

    with reader(workshop) as beginner:
        beginner.terminal.carry_out(begin)
        project = beginner.terminal.folder
    for name in FEATURES:
        with reader(project) as learner:
            if name != FEATURES[0]:
                learner.terminal.carry_out(onward.replace(FEATURES[1], name))
            learner.read(project / BEGIN.with_name(f"{name}.md"))
        assert git(project, "status", "--porcelain") == "", f"{name} leaves changes behind"

    told = ["project_name=My Walk", "features=everything"]
    done = cookiecutter(workshop, tmp_path, *told)
    assert done.returncode == 0, done.stderr
    full = tmp_path / project.name
    git(full, "init", "-q")
    git(full, "add", "-A")
    assert files(git, project) == files(git, full)
