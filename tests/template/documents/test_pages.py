"""Runs every page as written; the tutorial's chapters are in test_tutorial_run.py.

Not here as well: a chapter is for the project that has come as far as it, and costs minutes.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.features import FEATURES
from flask_gatehouse.tags import apply_tags
from tests.template.documents.page import Reader, examples, source
from tests.template.documents.projects import ProjectFolder

ROOT = Path(__file__).resolve().parents[3]
TUTORIAL = Path("docs/tutorial")
PROJECT_README = Path("{{cookiecutter.project_slug}}/README.md")
HEADINGS = [
    "What you get",
    "Try it",
    "How it works",
    "Attacks it stops",
    "Attacks it does not stop",
    "Change it",
    "Take it out",
]
# Pages with what cannot be run in them, and why; a name more here is a promise less.
NOT_RUN: dict[str, list[str]] = {}
NewReader = Callable[[Path], Reader]


def pages() -> list[Path]:
    """Return the pages that hold something to run."""
    found = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
    names = sorted(path.relative_to(ROOT) for path in found)
    return [name for name in [Path("README.md"), PROJECT_README, *names] if examples(ROOT / name)]


def is_in_tutorial_run(name: Path) -> bool:
    """Tell whether the tutorial run carries a page out."""
    return name.parent == TUTORIAL and name.stem in ("going_in", *FEATURES)


def text_in_project(name: Path, features: tuple[str, ...] = FEATURES) -> str:
    """Return a page as a project with these features gets it; nothing if it does not."""
    if name == Path("README.md"):
        return ""
    text = (ROOT / name).read_text("utf-8")
    return apply_tags(text, features, FEATURES, str(name)) or ""


def for_project(name: Path) -> bool:
    return any(source(block) in text_in_project(name) for block in examples(ROOT / name))


def for_template(name: Path) -> bool:
    return any(source(block) not in text_in_project(name) for block in examples(ROOT / name))


def read_here(audience: Callable[[Path], bool]) -> list[Path]:
    return [name for name in pages() if audience(name) and not is_in_tutorial_run(name)]


@pytest.mark.parametrize("name", read_here(for_project), ids=str)
def test_a_page_of_a_project_is_as_it_says(
    name: Path, project_folder: ProjectFolder, reader: NewReader
) -> None:
    project = project_folder.set_up("recommended")
    with reader(project) as owner:
        owner.read(project / ("README.md" if name == PROJECT_README else name))


@pytest.mark.parametrize("name", read_here(for_template), ids=str)
def test_a_page_of_the_template_is_as_it_says(
    name: Path, workshop: Path, as_new: Callable[[Path], Path], reader: NewReader
) -> None:
    elsewhere = text_in_project(name)
    with reader(as_new(workshop)) as builder:
        builder.read(workshop / name, lambda block: block not in elsewhere)


def test_what_is_not_run_is_listed_with_its_reason() -> None:
    found: dict[str, list[str]] = {}
    for name in pages():
        for block in examples(ROOT / name):
            if block.parsed == "not run":
                found.setdefault(str(name), []).append(block.region.lexemes["arguments"])
    assert found == NOT_RUN


def test_no_command_stands_where_nobody_runs_it() -> None:
    others = [path for path in ROOT.glob("*.md") if path.name != "README.md"]
    assert len(others) > 2
    for path in others:
        assert not examples(path), f"{path.name} has blocks that are not run"


def test_a_page_for_the_template_alone_is_told_from_one_for_projects() -> None:
    assert for_template(Path("README.md"))
    assert not for_project(Path("README.md"))
    assert for_project(PROJECT_README)


@pytest.mark.parametrize("feature", FEATURES)
def test_the_tutorial_run_meets_every_block_of_a_chapter(feature: str) -> None:
    page = TUTORIAL / f"{feature}.md"
    carried_out = text_in_project(page, FEATURES[: FEATURES.index(feature) + 1])
    blocks = [source(block) for block in examples(ROOT / page)]
    assert [block for block in blocks if block not in carried_out] == []


@pytest.mark.parametrize("feature", FEATURES)
def test_a_chapter_has_the_fixed_headings_something_to_do_and_a_picture(feature: str) -> None:
    page = ROOT / TUTORIAL / f"{feature}.md"
    text = page.read_text("utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS
    assert {"console", "steps"} <= {block.parsed for block in examples(page)}
    shown = re.findall(rf"^!\[.+\]\({feature}/([a-z-]+)-light\.png\)$", text, re.MULTILINE)
    taken = re.findall(r'^Picture "(.+)"$', text, re.MULTILINE)
    assert shown == taken != []
    there = {path.name for path in (ROOT / TUTORIAL / feature).glob("*.png")}
    assert there == {f"{name}-{colours}.png" for name in shown for colours in ("light", "dark")}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_chapter_runs_one_named_test_that_fails_when_the_code_is_broken(feature: str) -> None:
    """A reader who breaks a line should see the one test that covers it, quickly."""
    text = (ROOT / TUTORIAL / f"{feature}.md").read_text("utf-8")
    (failed,) = re.findall(r"^FAILED (\S+::\w+)\.\.\.$", text, re.MULTILINE)
    assert re.findall(r"^\$ make test (.+)$", text, re.MULTILINE) == [f"T={failed}"] * 2
