"""`python -m flask_gatehouse update`: what it takes over, what it leaves alone, what it refuses."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flask_gatehouse import GeneratorError, changelog, features
from flask_gatehouse.__main__ import main
from flask_gatehouse.features import Catalogue
from flask_gatehouse.update import update
from tests.template import newer
from tests.template.conftest import tree
from tests.template.owner import edit, head, make_it_theirs, versions

Git = Callable[..., str]
NewProject = Callable[[str, Path], Path]
LINES = ".cruft.json"


@pytest.fixture
def later(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, for what else may have happened in that year."""
    return shutil.copytree(grown, tmp_path / "template")


@pytest.fixture
def project(begun: NewProject, tmp_path: Path) -> Path:
    """A project that was made of the template before that year, as it was written."""
    return begun("up to login", tmp_path / "mein Läd'chen")


def keep(git: Git, folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "More")


def record_of(folder: Path) -> dict[str, str]:
    state = json.loads((folder / LINES).read_text("utf-8"))
    return {"commit": state["commit"], **state["context"]["cookiecutter"]}


def relist(folder: Path, *, without: str = "", before: tuple[str, str] = ("", "")) -> None:
    """Take a name out of the list of features, or put one before another."""
    path = folder / features.LIST
    left = features.without(path.read_text("utf-8"), [without])
    place = re.compile(rf'^    "{before[0]}"', re.MULTILINE)
    path.write_text(place.sub(rf'    "{before[1]}",\n\g<0>', left), "utf-8")


def refused(template: Path, folder: Path, base: Path | None = None) -> str:
    """Return the sentence, having seen that nothing has changed."""
    before = tree(folder)
    with pytest.raises(GeneratorError) as error:
        update(template, folder, base)
    assert tree(folder) == before
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_untouched_project_becomes_what_is_generated_now(
    grown: Path, project: Path, git: Git, tmp_path: Path
) -> None:
    update(grown, project)
    fresh = newer.write_project(grown, "up to login", tmp_path / "fresh", git)
    assert record_of(project) == record_of(fresh)
    now, wanted = tree(project), tree(fresh)
    for found in (now, wanted):
        del found[LINES]
    assert now == wanted
    assert record_of(project)["_commit"] == git(grown, "rev-parse", "HEAD").strip()
    assert git(grown, "worktree", "list").count("\n") == 1


def test_what_the_owner_changed_stays_and_what_is_new_comes(
    grown: Path, project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    make_it_theirs(project)
    edit(project, "templates/login/sign_in.html", "<h1>Sign in</h1>", "<h1>Come in</h1>")
    keep(git, project)
    migrations = {path: path.read_bytes() for path in versions(project)}
    last = head(project)
    update(grown, project)
    said = capsys.readouterr().out
    assert said.startswith("Updated from ")
    assert "(new files: 2, changed: 6, removed: 1)" in said
    assert said.index(f"Security:\n- {newer.ENTRY}\n") < said.index("Added:\n- `login`: counts")
    sign_in = (project / "templates/login/sign_in.html").read_text("utf-8")
    assert "<h1>Come in</h1>" in sign_in
    assert "Not here before?" in sign_in
    base = (project / "templates/base.html").read_text("utf-8")
    assert '<p class="ours">Ours</p>' in base
    assert '<footer id="foot"' in base
    assert newer.AFTER in (project / "app/login/service.py").read_text("utf-8")
    assert not (project / newer.GONE).exists()
    assert (project / newer.MOVED_IN).exists()
    # Migrations of the owner and those they stand on are what they were; the new one comes last.
    assert {path: path.read_bytes() for path in migrations} == migrations
    assert head(project) == newer.REVISION
    (new,) = set(versions(project)) - set(migrations)
    assert f'down_revision: str | None = "{last}"' in new.read_text("utf-8")
    assert "shop" in (project / "app/features.py").read_text("utf-8")


def test_lines_that_both_changed_are_marked_and_named(grown: Path, project: Path, git: Git) -> None:
    edit(project, "app/login/service.py", newer.BEFORE, "LONGEST_USER_AGENT = 999")
    (project / newer.MOVED_IN).write_text("MINE = True\n", "utf-8")
    (project / newer.GONE).write_text("MINE = True\n", "utf-8")
    (project / "templates/login/sign_in.html").unlink()
    keep(git, project)
    with pytest.raises(GeneratorError) as error:
        update(grown, project)
    assert str(error.value) == (
        "Settle the places where you changed the same lines: app/login/service.py (1).\n"
        f"Files of yours stand in the place of new ones, and stay: {newer.MOVED_IN}."
    )
    service = (project / "app/login/service.py").read_text("utf-8")
    assert service.count("<<<<<<< yours\n") == service.count(">>>>>>> template\n") == 1
    assert "LONGEST_USER_AGENT = 999" in service
    assert newer.AFTER in service
    assert (project / newer.MOVED_IN).read_text("utf-8") == "MINE = True\n"
    assert (project / newer.GONE).read_text("utf-8") == "MINE = True\n"
    assert not (project / "templates/login/sign_in.html").exists()
    # Everything else is taken over, and not again the next time.
    assert record_of(project)["commit"] == git(grown, "rev-parse", "HEAD").strip()


def test_what_is_left_to_its_owner_is_said(
    grown: Path, project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / newer.GONE).write_text("MINE = True\n", "utf-8")
    (project / "templates/login/sign_in.html").unlink()
    keep(git, project)
    update(grown, project)
    said = capsys.readouterr().out
    assert "templates/login/sign_in.html is left out, because you have taken it away." in said
    assert f"{newer.GONE} is not in the template any more; yours stays" in said


def test_line_ends_of_windows_stay_and_are_no_conflict(
    grown: Path, project: Path, git: Git
) -> None:
    service = project / "app/login/service.py"
    service.write_bytes(service.read_bytes().replace(b"\n", b"\r\n"))
    git(project, "add", "-A")  # .gitattributes lets git take them for the same
    update(grown, project)
    content = service.read_bytes()
    assert newer.AFTER.encode() in content
    assert content.count(b"\r\n") == content.count(b"\n")


def test_a_picture_that_both_changed_stays_and_is_named(
    later: Path, project: Path, git: Git
) -> None:
    (picture,) = list((project / "docs/tutorial/login").glob("*.png"))[:1]
    place = picture.relative_to(project)
    picture.write_bytes(b"\x89PNG\0mine")
    keep(git, project)
    (later / place).write_bytes(b"\x89PNG\0theirs")
    keep(git, later)
    with pytest.raises(GeneratorError, match=str(place)):
        update(later, project)
    assert picture.read_bytes() == b"\x89PNG\0mine"


def test_a_feature_that_was_taken_out_by_hand_stays_out(
    later: Path, begun: NewProject, git: Git, tmp_path: Path
) -> None:
    folder = begun("minimal", tmp_path / "shop")
    names = Catalogue.read(later).resolve("minimal").names
    gone = names[-1]
    for place in ("app", "templates", "tests"):
        shutil.rmtree(folder / place / gone, ignore_errors=True)
    relist(folder, without=gone)
    keep(git, folder)
    (later / "app" / gone / "later.py").write_text('"""Later."""\n', "utf-8")
    keep(git, later)
    update(later, folder)
    assert not (folder / "app" / gone).exists()
    assert not (folder / "templates" / gone).exists()


def test_what_a_feature_has_come_to_need_comes_along(
    later: Path, begun: NewProject, git: Git, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = begun("minimal", tmp_path / "shop")
    edit(later, "app/profile/__init__.py", 'needs=("passwords",)', 'needs=("passwords", "notes")')
    relist(later, without="notes")
    relist(later, before=("profile", "notes"))
    keep(git, later)
    update(later, folder)
    assert "Brought along: notes (profile needs it)." in capsys.readouterr().out
    assert (folder / "app/notes/service.py").exists()
    assert '"notes"' in (folder / "app/features.py").read_text("utf-8")


def test_a_feature_of_the_owner_is_not_taken_for_a_newer_one_of_that_name(
    later: Path, project: Path, git: Git
) -> None:
    make_it_theirs(project)
    keep(git, project)
    for name in ("app", "templates"):
        (later / name / "shop").mkdir()
    declared = '"""Shop."""\n\nfrom app.core.feature import Feature\n\n'
    declared += 'feature = Feature("shop", offered="recommended", title="S", summary="S.")\n'
    (later / "app/shop/__init__.py").write_text(declared, "utf-8")
    relist(later, before=("passwords", "shop"))
    keep(git, later)
    before = (project / "app/shop/__init__.py").read_bytes()
    update(later, project)
    assert (project / "app/shop/__init__.py").read_bytes() == before
    assert "shop" not in record_of(project)["features"]


def test_a_feature_that_the_template_has_lost_is_refused(
    later: Path, begun: NewProject, git: Git, tmp_path: Path
) -> None:
    folder = begun("notes", tmp_path / "shop")
    relist(later, without="notes")
    shutil.rmtree(later / "app/notes")
    keep(git, later)
    assert refused(later, folder).startswith("The template has no notes any more: take it out")


def test_a_migration_that_was_rewritten_is_named_and_left(
    later: Path, project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    (first,) = (path for path in versions(project) if path.name.startswith("91c3e7d40b52"))
    before, place = first.read_bytes(), f"migrations/versions/{first.name}"
    edit(later, place, 'op.drop_table("known_device")', 'op.drop_table("known_device")  # new')
    keep(git, later)
    update(later, project)
    assert first.read_bytes() == before
    assert f"{place} stays as it is, because databases have gone" in capsys.readouterr().out


def test_nothing_is_done_twice(
    grown: Path, project: Path, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    update(grown, project)
    keep(git, project)
    capsys.readouterr()
    before = tree(project)
    update(grown, project)
    assert capsys.readouterr().out == "Nothing to do: the project follows the template already.\n"
    assert tree(project) == before


def test_an_older_template_is_refused(later: Path, project: Path, git: Git) -> None:
    update(later, project)
    keep(git, project)
    git(later, "checkout", "-q", "--detach", "HEAD~1")
    assert "is older than what this project follows" in refused(later, project)


def test_a_change_that_is_not_committed_is_refused(grown: Path, project: Path, git: Git) -> None:
    (project / "idea.txt").write_text("An idea.\n", "utf-8")
    assert refused(grown, project).startswith("There are changes that are not committed")


def test_a_commit_that_the_template_does_not_have_is_refused(
    grown: Path, project: Path, git: Git
) -> None:
    record = project / LINES
    record.write_text(record.read_text("utf-8").replace(record_of(project)["commit"], "f" * 40))
    keep(git, project)
    assert refused(grown, project).startswith(f"The template has no commit {'f' * 40}: ")


def test_a_template_out_of_a_zip_is_compared_with_the_folder_it_was(
    later: Path, project: Path, git: Git, tmp_path: Path
) -> None:
    git(later, "checkout", "-q", "before")
    former = shutil.copytree(later, tmp_path / "former", ignore=shutil.ignore_patterns(".git"))
    git(later, "checkout", "-q", "main")
    shutil.rmtree(later / ".git")
    record = project / LINES
    record.write_text(
        record.read_text("utf-8").replace(f'"{record_of(project)["commit"]}"', "null"), "utf-8"
    )
    keep(git, project)
    assert "names no commit" in refused(later, project)
    assert refused(later, project, tmp_path).endswith("is no folder of the template.")
    update(later, project, former)
    assert (project / newer.MOVED_IN).exists()


def test_a_file_that_cannot_be_written_leaves_nothing_half_written(
    later: Path, project: Path, git: Git
) -> None:
    shutil.rmtree(project / "templates/login")
    (project / "templates/login").write_text("a file where a folder belongs\n", "utf-8")
    keep(git, project)
    (later / "templates/login/more.html").write_text("more\n", "utf-8")
    keep(git, later)
    assert "cannot be written, so nothing was" in refused(later, project)
    assert git(project, "status", "--porcelain", "--ignored") == ""


def test_the_command_says_it_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["update", "--project", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "This is no generated project: it has no .cruft.json.\n"


def test_what_is_new_is_told_with_what_is_about_security_first() -> None:
    before = "# C\n\n## 1\n\n### Added\n\n- One\n  of two lines.\n\n### Security\n\n- Old.\n"
    after = before.replace(
        "## 1\n", "## 2\n\n### Added\n\n- Two.\n\n### Security\n\n- New.\n\n## 1\n"
    )
    assert changelog.news(before, after) == {"Security": ["- New."], "Added": ["- Two."]}
    assert list(changelog.news(before, after)) == ["Security", "Added"]
    assert changelog.news(after, after) == {}
    assert changelog.news("", before)["Added"] == ["- One of two lines."]
