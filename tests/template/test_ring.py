"""The bake ring: every shape of project is as good as the template itself."""

import os
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import git as clean_git
from flask_gatehouse.features import Catalogue, Declaration
from tests.template.conftest import tree
from tests.template.ring import (
    NAMED,
    Project,
    minimal_and_drawn,
    seeded,
    shapes,
    without_tags,
)
from tests.template.turns import generated_files, write_in_turn

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., CompletedProcess[str]]

CATALOGUE = Catalogue.read(ROOT)
# `make matrix` checks every selection wholly, which is too long for each commit; with a seed it
# checks others that nobody has thought of.
WHOLE = os.environ.get("GATEHOUSE_MATRIX") == "1"
SEED = os.environ.get("GATEHOUSE_SEED", "")
SHAPES = seeded(CATALOGUE, SEED) if SEED else shapes(CATALOGUE)
# The commit draws, so that every selection has its turn and a failure can be repeated.
COMMIT = clean_git.ask(ROOT, "rev-parse", "--verify", "--quiet", "HEAD") or "no commit yet"
CHECKED_WHOLLY = list(SHAPES) if WHOLE else minimal_and_drawn(list(SHAPES), COMMIT)

TOY = Catalogue(
    (
        Declaration("site"),
        Declaration("login", ("site",)),
        Declaration("api", ("login",), "recommended"),
        Declaration("totp", ("login",), "recommended"),
        Declaration("codes", ("totp",), "on request"),
    )
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an awkward name, in which the projects of this process take turns."""
    return tmp_path_factory.mktemp("matrix") / "mein Pröjekt"


@pytest.fixture
def project(request: pytest.FixtureRequest, template: Path, folder: Path, run: Run) -> Project:
    """A project of one selection."""
    write_in_turn(folder, generated_files(template, SHAPES[request.param]))
    return Project(folder, run)


@pytest.fixture(scope="session")
def type_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy learned about the packages, shared between the shapes."""
    return tmp_path_factory.mktemp("types")


@pytest.mark.parametrize("project", SHAPES, indirect=True)
def test_every_shape_is_clean_keeps_its_arrows_and_migrates(project: Project) -> None:
    project.check_quickly()


@pytest.mark.parametrize("project", CHECKED_WHOLLY, indirect=True)
def test_types_and_documents_are_right(project: Project, type_cache: Path, tmp_path: Path) -> None:
    project.passes("-m", "mypy", "--cache-dir", str(type_cache))
    html = str(tmp_path / "html")
    project.passes("-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "docs", html)


def test_a_project_with_everything_is_the_template_without_its_tags(
    template: Path, generated: Callable[[str], Path]
) -> None:
    """So what the template's tests have shown of it need not be shown again."""
    project = generated("everything")
    names = [
        path.relative_to(project)
        for folder in ("app", "migrations", "templates", "tests")
        for path in sorted((project / folder).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(names) > 400
    differ = [
        str(name) for name in names if without_tags(project / name) != without_tags(template / name)
    ]
    assert differ == []


@pytest.mark.parametrize("project", CHECKED_WHOLLY, indirect=True)
def test_its_own_tests_pass(project: Project, request: pytest.FixtureRequest) -> None:
    """The slow tests, and those in a browser, run only where least is left.

    What they start is the template's own, which its own tests have just started, and a selection in
    between holds nothing that neither of the two has. The whole matrix runs them all, and watches
    in a browser each selection that has a name of its own.
    """
    name = request.node.callspec.params["project"]
    is_whole = name in NAMED if WHOLE else name == "minimal"
    fewer = () if is_whole else ("-m", "not browser") if WHOLE else ("--quick",)
    project.passes("-m", "pytest", "-q", "-p", "no:cacheprovider", *fewer)


def test_the_ring_holds_every_result_once_under_its_plainest_name() -> None:
    results = {name: TOY.resolve(answer).names for name, answer in shapes(TOY).items()}
    assert results == {
        "minimal": ("site", "login"),
        "recommended": ("site", "login", "api", "totp"),
        "everything": ("site", "login", "api", "totp", "codes"),
        "up to site": ("site",),
        "up to api": ("site", "login", "api"),
        "only totp": ("site", "login", "totp"),
        "only codes": ("site", "login", "totp", "codes"),
    }


def test_a_seed_draws_its_shapes_again_and_another_one_draws_others() -> None:
    drawn = seeded(CATALOGUE, "7")
    assert drawn == seeded(CATALOGUE, "7")
    assert len(drawn) == len({CATALOGUE.resolve(answer).names for answer in drawn.values()}) == 50
    assert set(drawn.values()) != set(seeded(CATALOGUE, "8").values())
    assert len(seeded(TOY, "7")) == 6  # there are no more


def test_a_commit_draws_one_selection_the_same_again_and_another_commit_another() -> None:
    names = [*NAMED, *(f"up to {number}" for number in range(20))]
    draws = {commit: minimal_and_drawn(names, commit) for commit in map(str, range(200))}
    assert {first for first, _ in draws.values()} == {"minimal"}
    assert {drawn for _, drawn in draws.values()} == {*names} - {*NAMED}
    assert draws == {commit: minimal_and_drawn(names, commit) for commit in draws}


SIBLING = """
def later() -> object:
    from app.login import service

    return service


feature = Feature("""
FAULTS = {
    "a line lost its tag": (
        ("up to site", "tests/conftest.py"),
        ("import service as accounts  # feature: accounts", "import service as accounts"),
        "ruff check",
    ),
    "spaces": (("minimal", "tests/conftest.py"), ("SETTINGS = {", "SETTINGS =  {"), "ruff format"),
    "no Python": (("minimal", "app/login/views.py"), ("import", "imports"), "compileall"),
    "a sibling is used": (
        ("minimal", "app/site/__init__.py"),
        ("feature = Feature(", SIBLING),
        "FAILED tests/house/test_rules.py",
    ),
    "a table has no migration": (
        ("minimal", "app/login/models.py"),
        ('__tablename__ = "login_session"', '__tablename__ = "sign_in"'),
        "FAILED tests/migrate.py",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_ring_sees_a_fault_in_the_template(
    changed_template: Path, folder: Path, run: Run, fault: str
) -> None:
    (features, path), change, seen_by = FAULTS[fault]
    source = (changed_template / path).read_text("utf-8")
    assert change[0] in source
    (changed_template / path).write_text(source.replace(*change), "utf-8")
    write_in_turn(folder, generated_files(changed_template, features))
    with pytest.raises(AssertionError, match=seen_by):
        Project(folder, run).check_quickly()


def test_a_project_that_takes_its_turn_holds_its_own_files_alone(
    template: Path, tmp_path: Path
) -> None:
    for features in ("everything", "up to site", "everything"):
        files = generated_files(template, features)
        write_in_turn(tmp_path / "turns", files)
        expected = {str(path): (one.content, one.executable) for path, one in files.items()}
        assert tree(tmp_path / "turns") == expected
        (tmp_path / "turns" / "app" / "left.txt").touch()
        (tmp_path / "turns" / "left").mkdir()


def test_a_file_that_two_projects_share_is_written_once(template: Path, tmp_path: Path) -> None:
    write_in_turn(tmp_path, generated_files(template, "up to site"))
    shared = tmp_path / "app" / "core" / "clock.py"
    written = shared.stat().st_mtime_ns
    bytecode = shared.parent / "__pycache__" / "clock.pyc"
    bytecode.parent.mkdir()
    bytecode.touch()
    write_in_turn(tmp_path, generated_files(template, "minimal"))
    assert shared.stat().st_mtime_ns == written
    assert bytecode.exists()
