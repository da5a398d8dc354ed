"""`make add`, `update` and `relink`: find the template of a project, and hand the project over."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.template.conftest import tree, without_record
from tests.template.owner import edit

Git = Callable[..., str]
Make = Callable[..., CompletedProcess[str]]


@pytest.fixture
def project(begin: Callable[[str, Path], Path], tmp_path: Path) -> Path:
    """A committed project. Its .venv is only a link: the generator needs Python and no package."""
    folder = begin("up to accounts", tmp_path / "mein Läd'chen")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    return folder


@pytest.fixture
def make(run: Make, project: Path, tmp_path: Path) -> Make:
    """Run `make add`, or another target, with a temporary folder that must be empty afterwards."""
    (tmp_path / "scratch").mkdir()

    def _make(*arguments: str, target: str = "add", **env: str) -> CompletedProcess[str]:
        env |= {"TMPDIR": str(tmp_path / "scratch")}
        done = run(["make", "--no-print-directory", target, *arguments], project, env)
        assert list((tmp_path / "scratch").iterdir()) == []
        return done

    return _make


def rewrite_record(git: Git, project: Path, **changed: str | None) -> None:
    record = json.loads((project / ".cruft.json").read_text("utf-8"))
    (project / ".cruft.json").write_text(json.dumps({**record, **changed}), "utf-8")
    git(project, "commit", "-q", "-a", "-m", "Another record")


def test_the_recorded_template_is_asked(make: Make, project: Path) -> None:
    done = make("feature=login")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("login is in (new files: ")
    assert (project / "app/login/views.py").exists()


def test_the_feature_comes_as_it_was_when_the_project_was_made(
    make: Make, project: Path, changed_template: Path, begin: Callable[[str, Path], Path], git: Git
) -> None:
    (changed_template / "app/login/views.py").write_text("NEWER = True\n", "utf-8")
    (changed_template / "wsgi.py").write_text("NEWER = True\n", "utf-8")
    git(changed_template, "commit", "-q", "-a", "-m", "Newer")
    done = make("feature=login", f"TEMPLATE={changed_template}")
    assert done.returncode == 0, done.stderr
    at_once = begin("up to login", project.parent / "at once")
    shutil.rmtree(project / ".venv")
    assert without_record(tree(project)) == without_record(tree(at_once))


def test_another_address_can_be_given(make: Make, project: Path, template: Path, git: Git) -> None:
    git(project.parent, "clone", "-q", "--bare", str(template), "gatehouse.git")
    rewrite_record(git, project, template="https://127.0.0.1:9/gone.git")
    done = make("feature=login", f"TEMPLATE=file://{project.parent}/gatehouse.git")
    assert done.returncode == 0, done.stderr
    assert (project / "app/login/views.py").exists()


def test_an_unpacked_zip_is_used_as_it_stands(
    make: Make, project: Path, changed_template: Path, git: Git
) -> None:
    shutil.rmtree(changed_template / ".git")
    before = tree(changed_template)
    rewrite_record(git, project, template="/srv/gatehouse.zip", commit=None)
    refused = make("feature=login")
    assert refused.returncode != 0
    assert refused.stderr.startswith("The template is a zip: unpack it and say TEMPLATE=folder.\n")
    done = make("feature=login", "TEMPLATE=../template")
    assert done.returncode == 0, done.stderr
    assert (project / "app/login/views.py").exists()
    assert tree(changed_template) == before


def test_a_template_in_a_folder_of_its_repository_is_found(
    make: Make, project: Path, template: Path, git: Git
) -> None:
    mono = project.parent / "mono"
    shutil.copytree(template, mono / "tpl", ignore=shutil.ignore_patterns(".git"))
    git(mono, "init", "-q")
    git(mono, "add", "-A", "-f")
    git(mono, "commit", "-q", "-m", "Many templates")
    head = git(mono, "rev-parse", "HEAD").strip()
    rewrite_record(git, project, template=str(mono), commit=head, directory="tpl")
    done = make("feature=login")
    assert done.returncode == 0, done.stderr
    assert (project / "app/login/views.py").exists()


def test_a_repository_around_make_is_neither_read_nor_written(
    make: Make, project: Path, tmp_path: Path, git: Git
) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "-q")
    around = {"GIT_DIR": str(outer / ".git"), "GIT_WORK_TREE": str(outer)}
    done = make("feature=login", **around, MAKEFLAGS="-s")
    assert done.returncode == 0, done.stderr
    assert (project / "app/login/views.py").exists()
    assert [path.name for path in outer.iterdir()] == [".git"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say which feature comes in: make add feature=NAME\n"),
        (["feature=logn"], "There is no feature 'logn'; did you mean login?\n"),
        (["feature=--help"], "There is no feature '--help'; choose from "),
        (["feature=`touch hacked`"], "There is no feature "),
        (["feature=accounts"], "accounts is in this project already.\n"),
        (["feature=login", "TEMPLATE=."], "The template has no "),
    ],
)
def test_what_cannot_come_is_one_sentence_and_changes_nothing(
    make: Make, project: Path, arguments: list[str], sentence: str
) -> None:
    before = tree(project)
    done = make(*arguments)
    assert done.returncode != 0
    assert done.stdout == ""
    lines = done.stderr.splitlines(keepends=True)
    assert lines[0].startswith(sentence)
    assert [line for line in lines[1:] if not line.startswith("make: ***")] == []
    assert tree(project) == before


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"commit": "0" * 40}, f"The template has no commit {'0' * 40}: TEMPLATE= names another"),
        ({"template": "/nowhere/at/all"}, "The template cannot be fetched: TEMPLATE= names"),
    ],
)
def test_a_template_that_is_not_there_any_more_is_one_sentence(
    make: Make, project: Path, git: Git, changed: dict[str, str], sentence: str
) -> None:
    rewrite_record(git, project, **changed)
    done = make("feature=login")
    assert done.returncode != 0
    assert sentence in done.stderr
    assert git(project, "status", "--porcelain") == ""


def test_a_record_that_cannot_be_read_or_is_not_there_is_one_sentence(
    make: Make, project: Path
) -> None:
    (project / ".cruft.json").write_text("{", "utf-8")
    assert make("feature=login").stderr.startswith(".cruft.json cannot be read: take it back")
    (project / ".cruft.json").unlink()
    sentence = "Only a generated project can do this: there is no .cruft.json here.\n"
    assert make("feature=login").stderr.startswith(sentence)


def test_an_update_takes_the_newest_template_or_the_one_that_is_named(
    make: Make, project: Path, changed_template: Path, git: Git
) -> None:
    for release in ("1.0", "2.0"):
        (changed_template / "app/site/news.py").write_text(f'"""{release}"""\n', "utf-8")
        git(changed_template, "add", "-A")
        git(changed_template, "commit", "-q", "-m", release)
        git(changed_template, "tag", release)
    from_there = f"TEMPLATE={changed_template}"
    done = make(from_there, "TO=1.0", target="update")
    assert done.returncode == 0, done.stderr
    assert (project / "app/site/news.py").read_text("utf-8") == '"""1.0"""\n'
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Updated")
    done = make(from_there, target="update")
    assert done.returncode == 0, done.stderr
    assert (done.stderr, done.stdout[:13]) == ("", "Updated from ")
    assert (project / "app/site/news.py").read_text("utf-8") == '"""2.0"""\n'
    git(project, "commit", "-q", "-a", "-m", "Updated")
    assert "is older than what" in make(from_there, "TO=1.0", target="update").stderr
    assert make(from_there, target="update").stdout.startswith("Nothing to do: ")
    missing = make(from_there, "TO=3.0", target="update")
    assert missing.stderr.startswith("The template has no commit 3.0: TEMPLATE= names another")


def test_an_update_from_unpacked_zips_compares_two_folders(
    make: Make, project: Path, template: Path, changed_template: Path, git: Git
) -> None:
    former = project.parent / "former"
    shutil.copytree(template, former, ignore=shutil.ignore_patterns(".git"))
    shutil.rmtree(changed_template / ".git")
    (changed_template / "app/site/news.py").write_text('"""News."""\n', "utf-8")
    rewrite_record(git, project, template="/srv/gatehouse.zip", commit=None)
    done = make("TEMPLATE=../template", "BASE=../former", target="update")
    assert done.returncode == 0, done.stderr
    assert (project / "app/site/news.py").exists()


def test_the_chain_of_migrations_is_mended(make: Make, project: Path) -> None:
    done = make(target="relink")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Nothing to mend: the chain of migrations is whole.\n"
    assert make("since=yesterday", target="relink").stderr.startswith("The project has no commit")


def test_settings_that_a_feature_brings_are_written_by_the_next_start(
    begin: Callable[[str, Path], Path], run: Make, tmp_path: Path
) -> None:
    project = begin("up to site", tmp_path / "shop")
    (project / ".venv" / "bin").mkdir(parents=True)
    # Installing is not the subject here: the interpreter is that of this test, with its packages.
    python = f'#!/bin/sh\nexec "{sys.executable}" "$@"\n'
    (project / ".venv" / "bin" / "python").write_text(python, "utf-8")
    (project / ".venv" / "bin" / "python").chmod(0o755)
    (project / ".venv" / "installed").write_text("", "utf-8")
    env = {"PYTHONPATH": str(project)}
    assert run(["make", ".env"], project, env).stdout.endswith("Wrote .env with fresh secrets.\n")
    site = (project / ".env").read_text("utf-8")
    assert run(["make", "add", "feature=accounts"], project, env).returncode == 0
    (project / ".venv" / "installed").touch()
    done = run(["make", "database"], project, env)
    assert done.returncode == 0, done.stderr
    assert "Added to .env: ENCRYPTION_KEYS, DATABASE_URL, MAIL_FROM, SMTP_URL.\n" in done.stdout
    assert (project / ".env").read_text("utf-8").startswith(site)
    assert "Added" not in run(["make", "database"], project, env).stdout
    edit(project, ".env", "SITE_NAME='My Shop'", "SITE_NAME=Ours")
    assert run([sys.executable, "-m", "flask", "doctor"], project, env).returncode == 0
