"""Every form of delivery gives the same project, and a record that leads back to the template."""

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse.add import add
from tests.template.conftest import tree, without_record

Run = Callable[..., CompletedProcess[str]]
Git = Callable[..., str]
Begin = Callable[[str, Path], Path]
NAME = "my-flask-app"


@dataclass(frozen=True)
class Places:
    """The template in all the forms in which it can be handed on.

    Attributes:
        folder: a clone, in a folder with an awkward name.
        bare: a bare repository, as a hosting site has it; the tag v1 is one commit behind.
        zip: what a hosting site packs from it.
        mono: a repository with the template in a folder of its own.
        commits: of the clone, and of the repository of many.
    """

    folder: Path
    bare: Path
    zip: Path
    mono: Path
    commits: tuple[str, str]

    def named(self, text: str) -> str:
        """Fill in a form of delivery as a person would write it."""
        return text.format(folder=self.folder, bare=self.bare, zip=self.zip, mono=self.mono)


@pytest.fixture(scope="module")
def places(template: Path, git: Git, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """Hand the template on in every form."""
    around = tmp_path_factory.mktemp("places")
    bare, archive, mono = around / "gatehouse.git", around / "gatehouse.zip", around / "mono.git"
    git(around, "clone", "-q", "--bare", str(template), str(bare))
    git(bare, "tag", "v1")
    pack = ("archive", "--format=zip", "--prefix=gatehouse-main/", f"--output={archive}", "HEAD")
    git(bare, *pack)
    shutil.copytree(template, mono / "flask" / "tpl", ignore=shutil.ignore_patterns(".git"))
    git(mono, "init", "-q", "-b", "main")
    git(mono, "add", "-A", "-f")
    git(mono, "commit", "-q", "-m", "Many templates")
    commits = tuple(git(place, "rev-parse", "HEAD").strip() for place in (template, mono))
    return Places(template, bare, archive, mono, (commits[0], commits[1]))


def record_of(project: Path) -> dict[str, object]:
    """Read where a project came from, without the answers."""
    record = json.loads((project / ".cruft.json").read_text("utf-8"))
    inner = record.pop("context")["cookiecutter"]
    assert (inner["_template"], inner["_commit"]) == (record["template"], record["commit"])
    return dict(record)


# What is typed, where, and the template that is recorded.
FORMS = {
    "path": ("{folder}", None, "{folder}"),
    "the folder itself": (".", "{folder}", "{folder}"),
    "relative path": ("../{folder.parent.name}/{folder.name}", "{folder.parent}", "{folder}"),
    "git address": ("file://{bare}", None, "file://{bare}"),
    "git address with its kind": ("git+file://{bare}", None, "file://{bare}"),
    "tag": ("file://{bare} -c v1", None, "file://{bare}"),
    "zip": ("{zip}", None, "{zip}"),
    "relative zip": ("./{zip.name}", "{zip.parent}", "{zip}"),
    "folder of a repository": ("{mono} --directory flask/tpl", None, "{mono}"),
    "folder of an address": ("file://{mono} --directory flask/tpl", None, "file://{mono}"),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_project(
    form: str, places: Places, tmp_path: Path, run: Run, default: Path
) -> None:
    typed, where, template = FORMS[form]
    words = [places.named(word) for word in typed.split(" ")]
    folder = Path(places.named(where)) if where else tmp_path
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "-o", str(tmp_path), *words]
    done = run(command, folder, {"PWD": str(folder)})  # as every shell says where it is
    assert done.returncode == 0, done.stdout + done.stderr
    assert without_record(tree(tmp_path / NAME)) == without_record(tree(default))
    in_folder = "--directory" in words
    assert record_of(tmp_path / NAME) == {
        "template": places.named(template),
        "commit": places.commits[1] if in_folder else places.commits[0],
        "checkout": "v1" if form == "tag" else None,
        "directory": "flask/tpl" if in_folder else None,
    }


@pytest.mark.parametrize("how", ["--replay", "--replay-file"])
def test_a_replay_gives_the_same_project(
    how: str, places: Places, tmp_path: Path, run: Run
) -> None:
    home = {"HOME": str(tmp_path)}
    command = [sys.executable, "-m", "cookiecutter", str(places.zip)]
    assert run([*command, "--no-input", "description=Again"], tmp_path, home).returncode == 0
    made = tree(tmp_path / NAME)
    assert "Again" in made["README.md"][0].decode()
    shutil.rmtree(tmp_path / NAME)
    (answers,) = (tmp_path / ".cookiecutter_replay").iterdir()
    options = [how] if how == "--replay" else [how, str(answers)]
    done = run([*command, *options], tmp_path, home)
    assert done.returncode == 0, done.stdout + done.stderr
    assert tree(tmp_path / NAME) == made


@pytest.fixture
def cruft(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Run cruft and return what it says; it must succeed."""

    def _cruft(*arguments: str, cwd: Path = tmp_path) -> str:
        done = run([sys.executable, "-m", "cruft", *arguments], cwd)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return _cruft


@pytest.mark.parametrize(
    "typed",
    ["{folder}", "file://{bare}", "{folder} --checkout main", "{mono} --directory flask/tpl"],
)
def test_cruft_makes_the_same_project_and_is_content_with_it(
    typed: str, places: Places, cruft: Callable[..., str], tmp_path: Path, default: Path
) -> None:
    words = [places.named(word) for word in typed.split(" ")]
    cruft("create", "--no-input", "--output-dir", str(tmp_path), *words)
    assert without_record(tree(tmp_path / NAME)) == without_record(tree(default))
    assert cruft("diff", "--exit-code", cwd=tmp_path / NAME) == ""
    assert "SUCCESS" in cruft("check", cwd=tmp_path / NAME)


@pytest.mark.parametrize("form", ["path", "git address", "folder of a repository"])
def test_cruft_is_content_with_a_project_of_cookiecutter(
    form: str, places: Places, cookiecutter: Run, cruft: Callable[..., str], tmp_path: Path
) -> None:
    words = [places.named(word) for word in FORMS[form][0].split(" ")]
    assert cookiecutter(words[0], tmp_path, *words[1:]).returncode == 0
    assert cruft("diff", "--exit-code", cwd=tmp_path / NAME) == ""
    assert "SUCCESS" in cruft("check", cwd=tmp_path / NAME)


@pytest.mark.parametrize(("choice", "feature"), [("up to site", "accounts"), ("minimal", "notes")])
def test_cruft_is_content_with_a_feature_that_came_later(
    choice: str, feature: str, begin: Begin, cruft: Callable[..., str], tmp_path: Path
) -> None:
    project = begin(choice, tmp_path / "my-shop")
    add(Path(str(record_of(project)["template"])), project, feature)
    assert cruft("diff", "--exit-code", cwd=project) == ""


def test_cruft_brings_an_older_project_up_to_date(
    changed_template: Path, cookiecutter: Run, cruft: Callable[..., str], git: Git, tmp_path: Path
) -> None:
    made = cookiecutter(changed_template, tmp_path, "features=up to accounts")
    assert made.returncode == 0
    project = tmp_path / NAME
    git(project, "init", "-q")
    (project / "wsgi.py").write_text("MINE = True\n", "utf-8")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "Ours")

    style = changed_template / "app/static/site.css"
    style.write_text(style.read_text("utf-8") + "\n.newer { color: green; }\n", "utf-8")
    (changed_template / "docs/how-to/newer.md").write_text("# Newer\n", "utf-8")
    (changed_template / "app/login/newer.py").write_text("NEWER = True\n", "utf-8")
    git(changed_template, "add", "-A")
    git(changed_template, "commit", "-q", "-m", "Newer")

    assert "Good work!" in cruft("update", "--skip-apply-ask", cwd=project)
    changed = git(project, "status", "--porcelain").split()[1::2]
    assert sorted(changed) == [".cruft.json", "app/static/site.css", "docs/how-to/newer.md"]
    assert ".newer { color: green; }" in (project / "app/static/site.css").read_text("utf-8")
    assert record_of(project)["commit"] == git(changed_template, "rev-parse", "HEAD").strip()


def test_the_record_names_no_other_place(default: Path) -> None:
    assert str(default.parent) not in (default / ".cruft.json").read_text("utf-8")
