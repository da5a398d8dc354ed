"""Generation through cookiecutter itself: the same project from everywhere, and nothing else."""

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from dotenv import dotenv_values

from flask_gatehouse.copying import COPIED, TEMPLATE_FOLDERS, TEMPLATE_ONLY, is_junk
from tests.template.conftest import tree, without_record

Generate = Callable[..., CompletedProcess[str]]
MARKER = "GENERATION-NOT-FINISHED.txt"


@pytest.fixture
def fresh(tmp_path: Path, generate: Generate) -> Path:
    """A project of its own, to write in."""
    assert generate().returncode == 0
    return tmp_path / "my-flask-app"


def test_every_tracked_name_is_copied_or_stays_on_purpose(tracked: list[str]) -> None:
    names = {name.split("/")[0] for name in tracked}
    assert names <= {*COPIED, *TEMPLATE_ONLY}
    assert not set(COPIED) & set(TEMPLATE_ONLY)


def test_no_tracked_file_is_lost_as_junk_or_link(tracked: list[str], template: Path) -> None:
    assert not [name for name in tracked if any(map(is_junk, Path(name).parts))]
    assert not [name for name in tracked if (template / name).is_symlink()]


def test_a_second_generation_is_identical_to_the_first(fresh: Path, default: Path) -> None:
    assert tree(fresh) == tree(default)


def test_generation_leaves_the_template_as_it_was(
    default: Path, template: Path, git: Callable[..., str]
) -> None:
    assert default.is_dir()
    assert git(template, "status", "--porcelain", "--ignored") == ""


def test_no_trace_of_the_template_is_in_a_project(default: Path) -> None:
    trace = re.compile(rb"cookiecutter\.|\{\{ *cookiecutter|# *(end)?feature\b:?|file of feature:")
    found = without_record(tree(default))
    names = {Path(path).parts[0] for path in found} - {"README.md", "LICENSE"}
    assert names <= set(COPIED)
    assert not [path for path in found if path.startswith(TEMPLATE_FOLDERS)]
    assert not [path for path in found if any(map(is_junk, Path(path).parts))]
    assert not [path for path, (content, _) in found.items() if trace.search(content)]
    assert MARKER not in found


def test_files_end_as_they_should(default: Path) -> None:
    for path, (content, _) in tree(default).items():
        if b"\0" not in content:
            assert content.decode("utf-8").endswith("\n") or not content, path
            assert b"\r" not in content, path


def test_a_file_that_can_be_run_stays_so(
    changed_template: Path, tmp_path: Path, generate: Generate
) -> None:
    (changed_template / "docs" / "build.sh").write_text("#!/bin/sh\n", "utf-8")
    (changed_template / "docs" / "build.sh").chmod(0o755)
    assert generate(source=changed_template).returncode == 0
    docs = tmp_path / "my-flask-app" / "docs"
    assert (docs / "build.sh").stat().st_mode & 0o111
    assert not (docs / "index.md").stat().st_mode & 0o111


def test_the_readme_names_what_is_in_the_project(
    default: Path, generated: Callable[[str], Path]
) -> None:
    readme = (default / "README.md").read_text("utf-8")
    assert "(`login`)" in readme
    assert "/dev/mailbox" in readme
    assert "<!--" not in readme
    small = (generated("up to site") / "README.md").read_text("utf-8")
    assert "(`site`)" in small
    assert "(`login`)" not in small
    assert "/dev/mailbox" not in small
    assert "<!--" not in small


def test_up_to_a_chapter_holds_nothing_of_later_ones(generated: Callable[[str], Path]) -> None:
    found = tree(generated("up to site"))
    later = [path for path in found if re.search(r"(accounts|login|migrations)(/|\.|$)", path)]
    assert later == []
    features = found["app/features.py"][0].decode()
    assert re.findall(r'^    "(\w+)",', features, re.MULTILINE) == ["site"]


def test_what_a_person_keeps_in_the_template_never_travels(
    changed_template: Path, tmp_path: Path, default: Path, generate: Generate
) -> None:
    private = (
        ".env",
        "app.db",
        "app/app.db",
        "app/app.db-wal",
        "instance/app.db",
        "docs/_build/html/index.html",
        ".venv/pyvenv.cfg",
        "app/__pycache__/config.cpython-311.pyc",
        "tests/.pytest_cache/README.md",
        "templates/site/home.html~",
        "gatehouse.egg-info/PKG-INFO",
        "notes.txt",
    )
    for name in private:
        (changed_template / name).parent.mkdir(parents=True, exist_ok=True)
        (changed_template / name).write_text("private", "utf-8")
    assert generate(source=changed_template).returncode == 0
    made = tree(tmp_path / "my-flask-app")
    assert without_record(made) == without_record(tree(default))


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien & Söhne \"x\" \\n <b> ''' 100% #1",
        'He said "hi" \\ """ é 😀 # feature: login',
        "Ünï 日本 {x} [red]%s[/]",
    ],
)
def test_odd_names_come_out_right(
    tmp_path: Path, default: Path, generate: Generate, name: str
) -> None:
    told = [f"{part}={name}" for part in ("project_name", "description", "author")]
    done = generate(*told, "project_slug=odd")
    assert done.returncode == 0, done.stdout + done.stderr
    project = tmp_path / "odd"
    told_back = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    assert told_back["description"] == told_back["authors"][0]["name"] == name
    assert dotenv_values(project / ".env.example")["SITE_NAME"] == name
    assert f"Copyright (c) {name}\n" in (project / "LICENSE").read_text("utf-8")
    record = json.loads((project / ".cruft.json").read_text("utf-8"))
    assert record["context"]["cookiecutter"]["project_name"] == name
    # Nothing but data files knows the name.
    made, plain = tree(project), tree(default)
    changed = {path for path in made if made[path] != plain.get(path)}
    assert changed == {".cruft.json", ".env.example", "LICENSE", "README.md", "pyproject.toml"}


def test_skipping_existing_files_keeps_edits_and_restores_what_is_missing(
    fresh: Path, generate: Generate, default: Path
) -> None:
    for name in ("README.md", "app/features.py", ".cruft.json"):
        (fresh / name).write_text("mine\n", "utf-8")
    (fresh / "wsgi.py").unlink()
    assert generate("-f", "-s").returncode == 0
    edited = tree(fresh)
    for name in ("README.md", "app/features.py", ".cruft.json"):
        assert edited.pop(name)[0] == b"mine\n"
    plain = tree(default)
    assert edited == {path: plain[path] for path in edited}
    assert "wsgi.py" in edited


def test_overwriting_existing_files_overwrites_edits(
    fresh: Path, generate: Generate, default: Path
) -> None:
    (fresh / "app" / "features.py").write_text("mine\n", "utf-8")
    assert generate("-f").returncode == 0
    assert tree(fresh) == tree(default)


def test_without_hooks_the_project_says_that_it_is_not_finished(
    tmp_path: Path, generate: Generate
) -> None:
    assert generate("--accept-hooks", "no").returncode == 0
    assert set(tree(tmp_path / "my-flask-app")) == {MARKER, "README.md"}


def test_hooks_leave_no_answers_in_the_temporary_folder(
    tmp_path: Path, template: Path, run: Generate
) -> None:
    scratch, out = tmp_path / "scratch", tmp_path / "out"
    scratch.mkdir()
    out.mkdir()
    command = [sys.executable, "-m", "cookiecutter", str(template), "--no-input", "-o", str(out)]
    done = run(command, out, env={"TMPDIR": str(scratch)})
    assert done.returncode == 0, done.stderr
    assert list(scratch.iterdir()) == []


def test_success_says_only_what_comes_next(generate: Generate) -> None:
    done = generate()
    assert done.stdout == "Next: cd my-flask-app && make setup && make run\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("path", "change", "sentence"),
    [
        ("wsgi.py", ("sys", "sys  # feature: nothing"), "wsgi.py:3: the tag names"),
        (".env.example", ("SITE_NAME=", "NAME="), ".env.example must hold one line"),
        ("app/login/__init__.py", ("feature =", "x ="), "app/login/__init__.py does not hold"),
    ],
)
def test_a_fault_in_the_template_is_one_sentence_and_no_project(
    changed_template: Path, generate: Generate, path: str, change: tuple[str, str], sentence: str
) -> None:
    source = (changed_template / path).read_text("utf-8")
    assert change[0] in source
    (changed_template / path).write_text(source.replace(*change, 1), "utf-8")
    done = generate(source=changed_template)
    assert done.returncode == 1
    assert sentence in done.stdout + done.stderr
    assert not (changed_template.parent / "my-flask-app").exists()
