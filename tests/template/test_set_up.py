"""`make setup`: the environment is made by uv where there is one, else by pip, and not twice.

Installing itself is not the subject here. Stand-ins for uv and Python write down what they are
asked for; the documents' tests carry out the real ones.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Make = Callable[..., CompletedProcess[str]]
PACKAGES = "--constraint constraints.txt --editable .[dev]"
WITH_UV = f"pip install --quiet --python .venv/bin/python {PACKAGES}"
# Its first line is written down; what follows is the answer.
NOTED = '#!/bin/sh\necho "$*" >>calls\n'
MAKES_IT = """case "$*" in *"venv --"*)
    mkdir -p .venv/bin && printf '#!/bin/sh' >.venv/bin/python && chmod +x .venv/bin/python;; esac
"""
NO_UV = 'case "$*" in *uv*) exit 1;; esac\n'
NO_PIP = 'case "$*" in *"pip --version"*) exit 1;; esac\n'


def program(path: Path, script: str) -> Path:
    """Write something that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def project(begin: Callable[[str, Path], Path], tmp_path: Path) -> Path:
    """A project without an environment."""
    return begin("up to site", tmp_path / "my shöp")


@pytest.fixture
def make(run: Make, project: Path, tmp_path: Path) -> Make:
    """Run a target of the project, on a machine without uv."""
    for name in ("make", "sh", "bash", "date", "rm", "touch", "env", "mkdir", "chmod", "printf"):
        (tmp_path / "programs").mkdir(exist_ok=True)
        found = next(p for p in map(Path, ("/usr/bin", "/bin")) if (p / name).exists())
        (tmp_path / "programs" / name).symlink_to(found / name)
    program(tmp_path / "programs" / "python3", NOTED + MAKES_IT)

    def _make(target: str, **env: str) -> CompletedProcess[str]:
        given = {"PATH": str(tmp_path / "programs"), **env}
        return run(["make", "--no-print-directory", target], project, given)

    return _make


def calls(project: Path) -> list[str]:
    """Return the calls of the stand-ins, without those that only ask for a version."""
    said = (project / "calls").read_text("utf-8").splitlines()
    return [line for line in said if "--version" not in line and not line.startswith("-c ")]


def test_uv_of_the_path_makes_the_environment_and_installs(
    make: Make, project: Path, tmp_path: Path
) -> None:
    program(tmp_path / "programs" / "uv", NOTED + MAKES_IT)
    (project / "pyproject.toml").touch()
    done = make(".venv/bin/python")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"Made \.venv in \d+ s\.\n", done.stdout)
    program(project / ".venv/bin/python", "#!/bin/sh\nexit 1\n")
    done = make(".venv/installed")
    assert done.returncode == 0, done.stderr
    expected = r"Installing the packages into \.venv \.\.\.\nInstalled the packages in \d+ s\.\n"
    assert re.fullmatch(expected, done.stdout)
    assert calls(project) == ["venv --quiet --python python3 .venv --seed", WITH_UV]
    assert make(".venv/installed").stdout == "make: '.venv/installed' is up to date.\n"


def test_without_uv_pythons_own_module_makes_the_environment(make: Make, project: Path) -> None:
    done = make(".venv/bin/python")
    assert done.returncode == 0, done.stderr
    assert calls(project) == ["-m venv --clear .venv"]


def test_uv_that_cannot_make_the_environment_is_done_without(
    make: Make, project: Path, tmp_path: Path
) -> None:
    program(tmp_path / "programs" / "uv", "#!/bin/sh\nexit 2\n")
    done = make(".venv/bin/python")
    assert (done.returncode, done.stderr) == (0, "")
    assert calls(project) == ["-m venv --clear .venv"]


def test_without_uv_pip_fetches_it_once(make: Make, project: Path) -> None:
    fetched = '"-m uv --version") [ -e has-uv ];; *" uv") touch has-uv;;'
    script = f'case "$*" in "-c "*) exit 1;; {fetched} esac\n'
    program(project / ".venv/bin/python", NOTED + script)
    for _ in range(2):
        (project / ".venv/installed").unlink(missing_ok=True)
        assert make(".venv/installed").returncode == 0
    assert calls(project) == [
        "-m pip install --quiet --quiet uv",
        f"-m uv {WITH_UV}",
        f"-m uv {WITH_UV}",
    ]


def test_where_uv_cannot_be_had_pip_installs(make: Make, project: Path) -> None:
    program(project / ".venv/bin/python", NOTED + "case $1 in -c) exit 1;; esac\n" + NO_UV)
    done = make(".venv/installed")
    assert done.returncode == 0, done.stderr
    assert calls(project)[-1] == f"-m pip install --quiet --quiet {PACKAGES}"


def test_an_environment_without_pip_gets_it_where_uv_is_missing_too(
    make: Make, project: Path
) -> None:
    script = NOTED + "case $1 in -c) exit 1;; esac\n" + NO_PIP + NO_UV
    program(project / ".venv/bin/python", script)
    assert make(".venv/installed").returncode == 0
    assert calls(project)[0] == "-m ensurepip"
    assert calls(project)[-1] == f"-m pip install --quiet --quiet {PACKAGES}"


def test_packages_that_cannot_be_installed_are_one_sentence(make: Make, project: Path) -> None:
    program(project / ".venv/bin/python", "#!/bin/sh\nexit 1\n")
    done = make(".venv/installed")
    assert done.returncode != 0
    assert "The packages could not be installed; the lines above say why.\n" in done.stderr
    assert not (project / ".venv/installed").exists()


def test_a_complete_environment_is_taken_as_it_is(make: Make, project: Path) -> None:
    """As `uv sync` leaves it: every package and the project are there, and no pip."""
    python = program(project / ".venv/bin/python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    installed = project / ".venv/lib/my_shop-0.1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Name: my-shop\nVersion: 0.1.0\n", "utf-8")
    done = make(".venv/installed", PYTHONPATH=str(installed.parent))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (project / ".venv/installed").exists()
    # A change of the wanted packages is another matter.
    program(python, NOTED + NO_UV)
    (project / "constraints.txt").touch()
    assert make(".venv/installed").returncode == 0
    assert calls(project)[-1] == f"-m pip install --quiet --quiet {PACKAGES}"


def test_uv_sync_installs_what_development_needs(project: Path) -> None:
    text = (project / "pyproject.toml").read_text("utf-8")
    assert '\n[dependency-groups]\ndev = ["my-shop[dev]"]\n' in text


def test_the_server_is_asked_for_the_port_that_is_named(make: Make, project: Path) -> None:
    program(project / ".venv/bin/python", NOTED)
    (project / ".env").touch()
    assert make("run", PORT="9123").returncode == 0
    assert calls(project)[-1] == "-m devserver --port 9123"


def test_an_editor_finds_how_to_debug(default: Path) -> None:
    launch = json.loads((default / ".vscode/launch.json").read_text("utf-8"))
    modules = {entry["module"]: entry["args"] for entry in launch["configurations"]}
    assert modules == {"devserver": ["--no-reload", "--no-debugger"], "pytest": ["${file}"]}
