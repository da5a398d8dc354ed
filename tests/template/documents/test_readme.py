"""The first page that a stranger reads: short, true, and complete."""

import re
import tomllib
from pathlib import Path

import pytest

from app.features import FEATURES

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text("utf-8")
LONGEST = 150  # lines
ROW = re.compile(r"^\| `(\w+)` \| .+ \| \[.+\]\((\S+)\) \| \[\S+\]\((\S+)\) \|$", re.MULTILINE)


def test_it_is_short_and_shows_three_pictures() -> None:
    assert README.count("\n") <= LONGEST
    assert README.count("<picture>") == 3


def test_every_feature_has_a_row_with_its_chapter_and_its_tests() -> None:
    rows = ROW.findall(README)
    assert [name for name, _, _ in rows] == list(FEATURES)
    for name, chapter, tests in rows:
        assert (chapter, tests) == (f"docs/tutorial/{name}.md", f"tests/{name}")
        assert (ROOT / chapter).exists()
        assert list((ROOT / tests).glob("test_*attacks.py")), f"{name} refuses nothing"


def packages() -> list[str]:
    """Return the names of all that we depend on."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"]]
    asked += [one for group in project["optional-dependencies"].values() for one in group]
    return sorted({re.split(r"[\[<>=]", one)[0] for one in asked})


@pytest.mark.parametrize("package", packages())
def test_every_package_has_its_reason(package: str) -> None:
    decisions = (ROOT / "docs" / "explanation" / "decisions.md").read_text("utf-8")
    assert f"**{package}**" in decisions
