"""`python -m flask_gatehouse add`: what it writes, what it refuses, and the way back."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.__main__ import main
from flask_gatehouse.add import add
from flask_gatehouse.features import Catalogue
from tests.template.conftest import tree, without_record
from tests.template.owner import head, make_it_theirs, versions

Begin = Callable[[str, Path], Path]
Git = Callable[..., str]
UNDO = ("restore", "."), ("clean", "-fdq")


@pytest.fixture
def project(begin: Begin, git: Git, tmp_path: Path) -> Path:
    """A committed project up to accounts that its owner has changed, in an awkward folder."""
    folder = begin("up to accounts", tmp_path / "mein Läd'chen")
    make_it_theirs(folder)
    commit(git, folder)
    return folder


def commit(git: Git, folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "More")


def recorded_features(folder: Path) -> str:
    record = json.loads((folder / ".cruft.json").read_text("utf-8"))
    return str(record["context"]["cookiecutter"]["features"])


def refused(template: Path, folder: Path, feature: str = "login") -> str:
    """Return the sentence, having seen that nothing has changed."""
    before = tree(folder)
    with pytest.raises(GeneratorError) as error:
        add(template, folder, feature)
    assert tree(folder) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_chapter_walked_to_ends_in_the_tree_of_a_full_generation(
    begin: Begin, git: Git, template: Path, tmp_path: Path
) -> None:
    names = Catalogue.read(template).names
    walked = begin("up to site", tmp_path / "walked")
    for name in names[1:]:
        add(template, walked, name)
        at_once = begin(f"up to {name}", tmp_path / name)
        assert without_record(tree(walked)) == without_record(tree(at_once)), name
        commit(git, walked)
    assert recorded_features(walked) == ",".join(names)


def test_a_changed_project_takes_a_feature_in_without_a_conflict(
    project: Path, template: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    migrations = {path: path.read_bytes() for path in versions(project)}
    licence = (project / "LICENSE").read_bytes()
    add(template, project, "login")
    assert "login is in (new files: " in capsys.readouterr().out
    listed = re.findall(r'^    "(\w+)"', (project / "app/features.py").read_text(), re.MULTILINE)
    assert listed == ["site", "accounts", "shop", "login"]
    assert recorded_features(project) == "up to login"
    new = [path.read_text("utf-8") for path in set(versions(project)) - set(migrations)]
    behind_theirs = ['down_revision: str | None = "0u0000000001"' in text for text in new]
    assert sorted(behind_theirs) == [False, True]  # the first of two; the second follows it
    assert {path: path.read_bytes() for path in migrations} == migrations
    assert (project / "LICENSE").read_bytes() == licence
    assert (project / "docs/tutorial/login.md").exists()
    pyproject = (project / "pyproject.toml").read_text("utf-8")
    for line in ('version = "3.2.1"', '    "markdown>=3,<4",', '    "flask-login>='):
        assert pyproject.count(line) == 1
    readme = (project / "README.md").read_text("utf-8")
    assert "Ours since 1999." in readme
    assert "(`accounts`)" in readme
    assert "(`login`)" in readme
    links = (project / "templates/accounts/links.html").read_text("utf-8")
    assert links.count("shop.window") == 2


def test_git_alone_takes_everything_back(project: Path, template: Path, git: Git) -> None:
    before = tree(project)
    add(template, project, "login")
    assert tree(project) != before
    for command in UNDO:
        git(project, *command)
    assert tree(project) == before
    assert git(project, "status", "--porcelain") == ""


def test_what_a_feature_needs_comes_along_and_is_said(
    begin: Begin, template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = begin("up to site", tmp_path / "shop")
    add(template, folder, "login")
    said = capsys.readouterr().out
    assert "Brought along: accounts (login needs it).\n" in said
    assert "Take it back:  git restore . && git clean -fd" in said
    assert (folder / "app/accounts/__init__.py").exists()
    assert head(folder) == "91c3e7d40b52"


def test_the_record_chooses_what_the_project_has(
    begin: Begin, git: Git, template: Path, tmp_path: Path
) -> None:
    catalogue = Catalogue.read(template)
    folder = begin("up to site", tmp_path / "shop")
    for name in catalogue.names[1:]:
        add(template, folder, name)
        commit(git, folder)
        chosen = catalogue.resolve(recorded_features(folder))
        assert chosen.names == catalogue.names[: catalogue.names.index(name) + 1]


def test_a_feature_that_was_taken_out_by_hand_comes_again(
    begin: Begin, git: Git, template: Path, tmp_path: Path
) -> None:
    folder = begin("up to login", tmp_path / "shop")
    before = tree(folder)
    for place in ("app", "templates", "tests"):
        shutil.rmtree(folder / place / "login")
    listed = (folder / "app/features.py").read_text("utf-8")
    without = re.sub(r'    "login",.*\n', "", listed)
    (folder / "app/features.py").write_text(without, "utf-8")
    commit(git, folder)
    add(template, folder, "login")
    # Its migration was there all the time, and a database has gone through it.
    assert without_record(tree(folder)) == without_record(before)


def test_lines_the_owner_rewrote_are_marked_and_named(
    project: Path, template: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    rewritten = "### Who may call what in our shop\n"
    page = project / "docs" / "explanation" / "security.md"
    page.write_text(re.sub(r"### Who may.*\n", rewritten, page.read_text("utf-8")), "utf-8")
    (project / "app/login").mkdir()
    (project / "app/login/views.py").write_text("MINE = True\n", "utf-8")
    (project / "docs/explanation/decisions.md").unlink()
    commit(git, project)
    with pytest.raises(GeneratorError) as error:
        add(template, project, "login")
    assert str(error.value) == (
        "Settle the places where you changed the same lines: docs/explanation/security.md (1).\n"
        "Files of yours stand in the place of new ones, and stay: app/login/views.py."
    )
    text = page.read_text("utf-8")
    assert text.count("<<<<<<< yours\n") == text.count(">>>>>>> template\n") == 1
    assert rewritten in text
    assert (project / "app/login/views.py").read_text("utf-8") == "MINE = True\n"
    # Everything else is carried over.
    assert "docs/explanation/decisions.md is left out" in capsys.readouterr().out
    assert (project / "app/login/service.py").exists()
    assert recorded_features(project) == "up to login"


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(
    project: Path, template: Path, git: Git
) -> None:
    (project / "tests/login").write_text("a file where a folder belongs\n", "utf-8")
    commit(git, project)
    sentence = refused(template, project)
    assert re.fullmatch(r"tests/login/\S+ cannot be written, so nothing was: \w[\w ]+\.", sentence)
    assert not (project / "app/login").exists()
    assert git(project, "status", "--porcelain", "--ignored") == ""


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        ("logn", "There is no feature 'logn'; did you mean login?"),
        ("everything", "There is no feature 'everything'; choose from site, accounts, login"),
        ("accounts", "accounts is in this project already."),
        ("shop", "There is no feature 'shop'; choose from"),
        ("../login", "There is no feature '../login'; did you mean login?"),
    ],
)
def test_a_feature_that_cannot_come_is_refused(
    project: Path, template: Path, feature: str, sentence: str
) -> None:
    assert refused(template, project, feature).startswith(sentence)


@pytest.mark.parametrize("hide", ["no", "normal"])
def test_a_change_that_is_not_committed_is_refused(
    project: Path, template: Path, git: Git, hide: str
) -> None:
    git(project, "config", "status.showUntrackedFiles", hide)
    (project / "idea.txt").write_text("An idea.\n", "utf-8")
    assert refused(template, project).startswith("There are changes that are not committed")
    git(project, "add", "idea.txt")
    assert refused(template, project).startswith("There are changes that are not committed")


def test_a_project_outside_git_is_refused(project: Path, template: Path) -> None:
    shutil.rmtree(project / ".git")
    assert refused(template, project).startswith("This project is not in git")


def test_several_heads_are_refused(project: Path, template: Path, git: Git) -> None:
    second = (project / "migrations/versions/0u0000000001_shop.py").read_text("utf-8")
    path = project / "migrations/versions/0u0000000002_more.py"
    path.write_text(second.replace("0u0000000001", "0u0000000002"), "utf-8")
    commit(git, project)
    sentence = refused(template, project)
    assert "several heads (0u0000000001, 0u0000000002)" in sentence
    assert "flask db merge heads" in sentence


def test_joined_heads_are_one_head(project: Path, template: Path, git: Git) -> None:
    versions_folder = project / "migrations" / "versions"
    second = (versions_folder / "0u0000000001_shop.py").read_text("utf-8")
    more = second.replace("0u0000000001", "0u0000000002")
    (versions_folder / "0u0000000002_more.py").write_text(more, "utf-8")
    (versions_folder / "0u0000000003_joined.py").write_text(
        '"""merge heads"""\n\nrevision = "0u0000000003"\n'
        'down_revision = ("0u0000000001", "0u0000000002")\n',
        "utf-8",
    )
    commit(git, project)
    add(template, project, "login")
    (new,) = versions_folder.glob("8b52e06f14c9_*.py")
    assert 'down_revision: str | None = "0u0000000003"' in new.read_text("utf-8")


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ((".cruft.json", "{"), ".cruft.json cannot be read"),
        ((".cruft.json", "[]"), ".cruft.json cannot be read"),
        ((".cruft.json", '{"context": {"cookiecutter": {}}}'), "The answer to project_name is"),
        (("app/features.py", "FEATURES = (\n"), "The project's app/features.py cannot be read."),
        (
            ("app/features.py", "FEATURES = names()\n"),
            "app/features.py does not hold FEATURES as a",
        ),
        (("migrations/versions/x.py", "def (:\n"), "migrations/versions/x.py is no Python code."),
        (("migrations/versions/x.py", "\0"), "migrations/versions/x.py is no Python code."),
        (("migrations/versions/x.py", "revision = make()\n"), "migrations/versions/x.py: revision"),
    ],
)
def test_a_project_that_cannot_be_read_is_refused(
    project: Path, template: Path, git: Git, fault: tuple[str, str], sentence: str
) -> None:
    name, content = fault
    (project / name).write_text(content, "utf-8")
    commit(git, project)
    assert refused(template, project).startswith(sentence)


def test_a_folder_that_is_no_project_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["add", "--project", str(tmp_path), "login"]) == 1
    assert capsys.readouterr().err == "This is no generated project: it has no .cruft.json.\n"


def test_a_project_in_a_folder_of_a_larger_repository_needs_only_its_own_to_be_clean(
    begin: Begin, template: Path, git: Git, tmp_path: Path
) -> None:
    project = begin("up to accounts", tmp_path / "services" / "shop")
    shutil.rmtree(project / ".git")
    git(tmp_path, "init", "-q", "-b", "main")
    assert refused(template, project).startswith("This project is not in git")
    git(tmp_path, "add", "services")
    git(tmp_path, "commit", "-q", "-m", "All services")
    (tmp_path / "elsewhere.txt").write_text("Not committed.\n", "utf-8")
    before = tree(tmp_path)
    add(template, project, "login")
    assert (project / "app/login/views.py").exists()
    for command in UNDO:
        git(project, *command)
    assert tree(tmp_path) == before


def test_a_repository_around_the_command_is_not_taken_for_the_project(
    project: Path, template: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outer").mkdir()
    git(tmp_path / "outer", "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "outer" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "outer"))
    add(template, project, "login")
    assert (project / "app/login/views.py").exists()


def test_own_settings_and_a_file_that_can_be_run_stay(
    project: Path, template: Path, git: Git
) -> None:
    (project / "Makefile").chmod(0o755)
    commit(git, project)
    add(template, project, "login")
    assert (project / "Makefile").stat().st_mode & 0o111
    assert "SHOP_SIZE=9\n" in (project / ".env.example").read_text("utf-8")
