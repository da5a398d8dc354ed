"""`python -m flask_gatehouse feature`: a feature of the owner's own, and what is refused."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.feature import feature
from tests.template.conftest import tree
from tests.template.owner import head, make_it_theirs

Begin = Callable[[str, Path], Path]
Git = Callable[..., str]
Run = Callable[..., CompletedProcess[str]]
MIGRATE = Path(__file__).parent / "migrate.py"


@pytest.fixture
def project(begin: Begin, git: Git, tmp_path: Path) -> Path:
    """A committed project with a shop of its owner's."""
    folder = begin("up to login", tmp_path / "mein Läd'chen")
    make_it_theirs(folder)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "A shop")
    return folder


@pytest.mark.parametrize(
    "case", [("up to login", "order_items"), ("api", "news"), ("minimal", "invoices")]
)
def test_it_is_listed_tested_and_in_form_from_the_first_second(
    begin: Begin, run: Run, template: Path, tmp_path: Path, case: tuple[str, str]
) -> None:
    choice, name = case
    folder = begin(choice, tmp_path / "shop")
    feature(template, folder, name)

    def passes(*arguments: str) -> str:
        done = run([sys.executable, *arguments], folder, {"PYTHONPATH": str(folder)})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    places = (f"app/{name}", f"tests/{name}")
    passes("-m", "ruff", "check", "--fix-only", "--quiet", *places)  # as `make feature` does
    passes("-m", "ruff", "format", "--quiet", *places, "migrations/versions")
    passes("-m", "ruff", "check", "--no-cache", ".")
    passes("-m", "ruff", "format", "--check", "--no-cache", ".")
    passes("-m", "mypy", f"app/{name}")
    passes(str(MIGRATE), f"sqlite:///{folder}/migrated.db")
    tests = [f"tests/{name}", "tests/house/test_rules.py"]
    assert " passed" in passes("-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)


def test_it_stands_behind_what_is_there(project: Path, template: Path) -> None:
    before, last = tree(project), head(project)
    feature(template, project, "invoices")
    after = tree(project)
    assert {path for path in before if after[path] != before[path]} == {"app/features.py"}
    (migration,) = (path for path in after if path.endswith("_invoices.py") and "versions" in path)
    assert f'down_revision: str | None = "{last}"' in after[migration][0].decode()
    assert b'    "shop",  # ours\n    "invoices",\n)' in after["app/features.py"][0]
    assert not [path for path in after if path.endswith(("invoices/api.py", "invoices/parity.py"))]
    assert not [path for path, (content, _) in after.items() if b"xample_thing" in content]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("class", "'class' cannot be a name"),
        ("Invoices", "'Invoices' cannot be a name"),
        ("in-voices", "'in-voices' cannot be a name"),
        ("../shop", "'../shop' cannot be a name"),
        ("", "'' cannot be a name"),
        ("x" * 31, "'xxxx"),
        ("totp", "totp is a feature of the template: make add feature=totp"),
        ("shop", "app/shop is there already."),
        ("core", "app/core is there already."),
        ("config", "app/config.py is there already."),
        ("register", "/register is an address of this project already."),
        ("settings", "app/accounts/settings.py has this name, and would become a bridge"),
        ("products", "There is a table product already: say one=... as well."),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    project: Path, template: Path, name: str, sentence: str
) -> None:
    before = tree(project)
    with pytest.raises(GeneratorError) as error:
        feature(template, project, name)
    assert str(error.value).startswith(sentence)
    assert tree(project) == before


def test_a_project_without_sign_in_is_refused(begin: Begin, template: Path, tmp_path: Path) -> None:
    folder = begin("up to accounts", tmp_path / "shop")
    with pytest.raises(GeneratorError, match="make add feature=login"):
        feature(template, folder, "invoices")
