"""The projects that readers get, one after another in one folder, are as fresh ones would be."""

from collections.abc import Callable

from tests.template.documents.projects import PYTHON, ProjectFolder, committed, to_be_committed


def test_a_project_finds_nothing_of_the_one_before_it(
    project_folder: ProjectFolder, git: Callable[..., str]
) -> None:
    """No package either: a feature that forgets to ask for one of its own must fail."""
    folder = project_folder.set_up("up to accounts")
    assert {"flask", "sqlalchemy", "bcrypt", "my-walk"} <= {*project_folder.installed()}
    (folder / "left.txt").touch()
    (folder.parent / "beside").mkdir()
    assert project_folder.set_up("up to site") == folder
    assert [*folder.parent.iterdir()] == [folder]
    expected = to_be_committed(project_folder.template, "up to site", folder)
    assert committed(git, folder) == expected
    assert git(folder, "status", "--porcelain") == ""
    assert not (folder / "instance").exists()
    installed = {*project_folder.installed()}
    assert {"flask", "my-walk"} <= installed
    assert not {"sqlalchemy", "bcrypt"} & installed
    imported = project_folder.run([PYTHON, "-c", "import app.accounts"], folder)
    assert "No module named" in imported.stderr


def test_a_project_whose_packages_are_there_installs_nothing(
    project_folder: ProjectFolder,
) -> None:
    folder = project_folder.set_up("up to site")
    (installed,) = folder.glob(".venv/lib/*/site-packages/my_walk-*.dist-info")
    then = installed.stat().st_ino
    project_folder.set_up("up to site")
    assert installed.stat().st_ino == then
