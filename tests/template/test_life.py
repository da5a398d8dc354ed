"""The life of a project: its owner changes it, it is used, it is brought up to date, it grows."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from sqlalchemy import create_engine, text

from flask_gatehouse.add import add
from flask_gatehouse.update import update
from tests.template import newer
from tests.template.owner import edit, head, make_it_theirs, versions
from tests.template.ring import Project

Git = Callable[..., str]
NewProject = Callable[[str, Path], Path]
TENANT = Path(__file__).with_name("tenant.py")
ADDED = ("roles", "notes", "totp")
# Beside what `make_it_theirs` does to what the features share: where an owner's hand goes next.
EDITS = {
    "app/login/service.py": ('next_page: str = "/"\n', 'next_page: str = "/shop"\n'),
    "templates/login/sign_in.html": ("<h1>Sign in</h1>", "<h1>Come in</h1>"),
    "templates/accounts/mail/confirm.txt": ("It was not you?", "This was not you?"),
    "app/static/site.css": ("--house-accent: #1f5e4d;", "--house-accent: #1f4d5e;"),
    "app/accounts/policy.py": ("Four words that do not", "Four words of ours that do not"),
    "tests/accounts/test_registration.py": (
        "def test_the_form_keeps_what",
        "def test_the_form_of_ours_keeps_what",
    ),
}
KEPT = {
    **{path: new for path, (_, new) in EDITS.items()},
    "app/features.py": '"shop",  # ours',
    "templates/base.html": '<p class="ours">Ours</p>',
    "templates/accounts/links.html": "url_for('shop.window')",
    "pyproject.toml": '"markdown>=3,<4"',
    "README.md": "Ours since 1999.",
    ".env.example": "SHOP_SIZE=9",
    "app/shop/models.py": "class Product",
}


@pytest.fixture
def databases(postgresql: str, tmp_path: Path) -> dict[str, str]:
    """A database of each kind that nobody else uses."""
    server = create_engine(postgresql, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("drop database if exists life"))
        connection.execute(text("create database life"))
    server.dispose()
    grown = postgresql.rpartition("/")[0] + "/life"
    return {"sqlite": f"sqlite:///{tmp_path}/life.db", "postgresql": grown}


def keep(git: Git, folder: Path, what: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", what)


@pytest.fixture
def project(
    begun: NewProject, git: Git, run: Callable[..., CompletedProcess[str]], tmp_path: Path
) -> Project:
    """A project of before that year, with a blueprint, a migration and edits of its owner."""
    folder = begun("minimal", tmp_path / "mein Läd'chen")
    make_it_theirs(folder)
    for path, (old, new) in EDITS.items():
        edit(folder, path, old, new)
    keep(git, folder, "Ours")
    return Project(folder, run)


def test_a_project_in_use_is_updated_and_grown_and_loses_nothing(
    project: Project, databases: dict[str, str], grown: Path, git: Git, tmp_path: Path
) -> None:
    folder = project.folder
    own = {path: path.read_bytes() for path in versions(folder)}
    last = head(folder)
    for kind, url in databases.items():
        project.passes(str(TENANT), "move in", url, str(tmp_path / f"{kind}.json"))

    update(grown, folder)
    keep(git, folder, "A year later")
    for feature in ADDED:
        add(grown, folder, feature)
        keep(git, folder, f"With {feature}")

    for path, edited in KEPT.items():
        assert edited in (folder / path).read_text("utf-8"), path
    assert newer.AFTER in (folder / "app/login/service.py").read_text("utf-8")
    assert {path: path.read_bytes() for path in own} == own
    assert f'= "{last}"' in next(folder.rglob(f"{newer.REVISION}*")).read_text("utf-8")
    for kind, url in databases.items():
        project.passes(str(TENANT), "come home", url, str(tmp_path / f"{kind}.json"))
    project.check_quickly()
    project.passes("-m", "mypy", "--cache-dir", str(tmp_path / "types"))
    project.passes("-m", "pytest", "-q", "-p", "no:cacheprovider", "--quick")
