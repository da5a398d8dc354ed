"""A feature that is left out leaves nothing behind: no file, import, dependency or sentence."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import listing
from flask_gatehouse.features import Catalogue, features_of
from tests.template.conftest import tree, without_record
from tests.template.ring import can_be_left_out, without

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = Catalogue.read(ROOT)
# The names of these are words that a sentence can hold for another reason. What would give them
# away stands beside them. The role of administrators is there without their pages.
COMMON_WORDS = {
    "devices": r"""app\.devices\b|["']devices[./"']|(?<!/)/devices[./"']|device_signed_out""",
    "api": r"""app\.api\b|["']api[./"']|(?<!/)/api[./"']|jwt_|bearer|problem\+json|_api[."]""",
    "admin": r"""app\.admin\b|["']admin[./]|/admin[./"']|admin_menu|directory_entry""",
}
# What of this others say too, of things that are not ours.
WORDS_OF_OTHERS = {"api": r"/api/v3\b|GitHub's API\b|get_jwt_config\b|token_type.{0,15}bearer"}


# Every feature declares permissions, so the core knows that there can be roles.
KNOWN_TO_THE_CORE = {"roles"}


def left_behind(project: Path, feature: str) -> list[str]:
    """Return each place of a project that still knows a feature."""
    others = re.compile(WORDS_OF_OTHERS.get(feature, r"$^"), re.IGNORECASE)
    known = re.compile(COMMON_WORDS.get(feature, rf"\b{feature}\b"), re.IGNORECASE)
    found = []
    for name, (content, _) in without_record(tree(project)).items():
        if name.startswith("app/core/") and feature in KNOWN_TO_THE_CORE:
            continue
        if known.search(name.replace("_", " ")):
            found.append(name)
        text = others.sub("", content.decode("utf-8", "replace"))
        lines = text.splitlines() if b"\0" not in content else []
        found += [f"{name}:{n}" for n, line in enumerate(lines, 1) if known.search(line)]
    return found


@pytest.fixture(params=can_be_left_out(CATALOGUE))
def feature(request: pytest.FixtureRequest) -> str:
    """A feature that a project may do without."""
    return str(request.param)


@pytest.fixture
def project(feature: str, generated: Callable[[str], Path]) -> Path:
    """The project with everything but one feature and what needs it."""
    return generated(CATALOGUE.answer(without(CATALOGUE, feature)))


def test_no_file_and_no_word_of_it_remains(project: Path, feature: str) -> None:
    assert left_behind(project, feature) == []


def test_no_package_table_or_page_of_it_remains(project: Path, feature: str) -> None:
    text = "".join(path.read_text("utf-8") for path in (project / "app").rglob("*.py"))
    kept = without(CATALOGUE, feature)
    needed = {package for other in kept for package in listing.packages(ROOT, other)}
    for table in listing.tables(ROOT, feature):
        assert f'"{table}"' not in text
    dependencies = (project / "pyproject.toml").read_text("utf-8")
    for package in set(listing.packages(ROOT, feature)) - needed:
        assert f'"{package}>' not in dependencies
    here = (path.relative_to(project) for path in project.rglob("*"))
    assert not [path for path in here if feature in features_of(path, CATALOGUE.names)]


def test_minimal_knows_nothing_of_what_can_be_left_out(generated: Callable[[str], Path]) -> None:
    minimal = generated("minimal")
    assert {name: left_behind(minimal, name) for name in can_be_left_out(CATALOGUE)} == {
        name: [] for name in can_be_left_out(CATALOGUE)
    }


def test_a_project_that_has_it_is_full_of_it(generated: Callable[[str], Path]) -> None:
    assert len(left_behind(generated("everything"), "notes")) > 100


@pytest.mark.parametrize(
    ("place", "planted"),
    [
        ("docs/explanation/house.md", "\nThe Notes are one of them.\n"),
        ("app/core/clock.py", "\nimport app.notes\n"),
        (".env.example", "\nNOTES=many\n"),
    ],
)
def test_one_word_too_many_is_seen(
    changed_template: Path,
    tmp_path: Path,
    cookiecutter: Callable[..., CompletedProcess[str]],
    place: str,
    planted: str,
) -> None:
    with (changed_template / place).open("a", encoding="utf-8") as file:
        file.write(planted)
    done = cookiecutter(changed_template, tmp_path, "features=minimal")
    assert done.returncode == 0, done.stderr
    project = shutil.move(tmp_path / "my-flask-app", tmp_path / "shop")
    (found,) = left_behind(Path(project), "notes")
    assert found.startswith(f"{place}:")
