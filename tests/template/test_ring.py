"""The bake ring: every shape of project is as good as the template itself."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import git as clean_git
from flask_gatehouse.features import Catalogue, Declaration
from tests.template.ring import (
    DRAWN,
    DRAWN_TESTED,
    NAMED,
    Project,
    is_whole,
    seeded,
    shapes,
    with_drawn,
    without_tags,
)

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., CompletedProcess[str]]

CATALOGUE = Catalogue.read(ROOT)
# `make matrix` checks every shape wholly, which is too long for each commit; with a seed it checks
# others that nobody has thought of.
WHOLE = os.environ.get("GATEHOUSE_MATRIX") == "1"
SEED = os.environ.get("GATEHOUSE_SEED", "")
SHAPES = seeded(CATALOGUE, SEED) if SEED else shapes(CATALOGUE)
# The commit draws, so that every shape has its turn and a failure can be repeated.
COMMIT = clean_git.ask(ROOT, "rev-parse", "--verify", "--quiet", "HEAD") or "no commit yet"
BUILT, TESTED = (
    list(SHAPES) if WHOLE else with_drawn(list(SHAPES), COMMIT, number)
    for number in (DRAWN, DRAWN_TESTED)
)
if not WHOLE:  # with everything it is the template, whose tests have just been run, and the
    # recommended shape is so near to it that the drawn one finds more in the same time
    TESTED = [
        name for name in TESTED if name != "recommended" and not is_whole(CATALOGUE, SHAPES[name])
    ]

TOY = Catalogue(
    (
        Declaration("site"),
        Declaration("login", ("site",)),
        Declaration("api", ("login",), "recommended"),
        Declaration("totp", ("login",), "recommended"),
        Declaration("codes", ("totp",), "on request"),
    )
)


@pytest.fixture
def project(
    request: pytest.FixtureRequest, generated: Callable[[str], Path], tmp_path: Path, run: Run
) -> Project:
    """A project of one shape, in a folder with an awkward name."""
    made = generated(SHAPES[request.param])
    return Project(shutil.copytree(made, tmp_path / "mein Pröjekt"), run)


@pytest.fixture(scope="session")
def type_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy learned about the packages, shared between the shapes."""
    return tmp_path_factory.mktemp("types")


@pytest.mark.parametrize("project", SHAPES, indirect=True)
def test_every_shape_is_clean_keeps_its_arrows_and_migrates(project: Project) -> None:
    project.check_quickly()


@pytest.mark.parametrize("project", BUILT, indirect=True)
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


@pytest.mark.parametrize("project", TESTED, indirect=True)
def test_its_own_tests_pass(project: Project, request: pytest.FixtureRequest) -> None:
    """In a browser only where least is left: the pages of the whole house are the template's own,
    which have just been watched, and a shape in between holds nothing that neither of them has.
    The whole matrix watches each shape that has a name of its own.
    """
    name = request.node.callspec.params["project"]
    is_watched = name in NAMED if WHOLE else name == "minimal"
    unwatched = () if is_watched else ("-m", "not browser")
    project.passes("-m", "pytest", "-q", "-p", "no:cacheprovider", *unwatched)


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


def test_more_shapes_are_drawn_and_a_commit_draws_the_same_again() -> None:
    names = ["minimal", "everything", *(f"up to {number}" for number in range(20))]
    draws = {tuple(with_drawn(names, commit, 3)) for commit in ("a", "a", "b", "c")}
    assert len(draws) == 3
    assert {len(draw) for draw in draws} == {5}
    assert all(draw[:2] == ("minimal", "everything") for draw in draws)
    assert set(with_drawn(names, "a", 1)) < set(with_drawn(names, "a", 3))


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
        "test_rules.py",
    ),
    "a table has no migration": (
        ("minimal", "app/login/models.py"),
        ('__tablename__ = "login_session"', '__tablename__ = "sign_in"'),
        "migrate.py",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_ring_sees_a_fault_in_the_template(
    changed_template: Path, tmp_path: Path, cookiecutter: Run, run: Run, fault: str
) -> None:
    (features, path), change, seen_by = FAULTS[fault]
    source = (changed_template / path).read_text("utf-8")
    assert change[0] in source
    (changed_template / path).write_text(source.replace(*change), "utf-8")
    done = cookiecutter(changed_template, tmp_path, f"features={features}")
    assert done.returncode == 0, done.stderr
    with pytest.raises(AssertionError, match=seen_by):
        Project(tmp_path / "my-flask-app", run).check_quickly()
