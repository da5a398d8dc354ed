"""`python -m flask_gatehouse new`: from nothing to a committed project, or one sentence."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Run = Callable[..., CompletedProcess[str]]
# Installing packages is not what is tested here, so a stand-in takes the place of the program
# `make`; .ci/run carries out the real one.
MAKE = """#!/bin/sh
echo "make $*"
test -z "$MAKEFLAGS" || exit 9
touch .env
exit ${MAKE_STATUS:-0}
"""


@pytest.fixture
def new(run: Run, template: Path, tmp_path: Path) -> Run:
    """Run the command in the template, with a stand-in for make first on the path."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "make").write_text(MAKE, "utf-8")
    (programs / "make").chmod(0o755)

    def _new(*arguments: str, path: str | None = None, **env: str) -> CompletedProcess[str]:
        command = [sys.executable, "-m", "flask_gatehouse", "new", *arguments]
        search = path if path is not None else f"{programs}:/usr/local/bin:/usr/bin:/bin"
        return run(command, template, {"PATH": search, **env})

    return _new


def test_a_project_is_generated_set_up_and_committed(
    new: Run, tmp_path: Path, git: Callable[..., str]
) -> None:
    out = tmp_path / "out here"
    done = new("--out", str(out), "project_name=Söhne & Co", MAKEFLAGS="w -- OUT=elsewhere")
    assert done.returncode == 0, done.stderr
    project = out / "sohne-co"
    assert [path.name for path in out.iterdir()] == ["sohne-co"]
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "log", "--format=%an %s") == (
        "Gatehouse Begin with the application as Gatehouse wrote it\n"
    )
    assert git(project, "branch", "--show-current") == "main\n"
    assert ".env\n" not in git(project, "ls-files")
    assert "make setup\n" in done.stdout
    assert "/out here/sohne-co' && make run\n\nand open http://localhost:8000\n" in done.stdout


def test_the_default_place_is_beside_the_template(new: Run, template: Path) -> None:
    beside = template.parent / "beside"
    done = new("--out", "", "project_slug=beside")
    assert done.returncode == 0, done.stderr
    assert (beside / "wsgi.py").exists()
    assert "cd ../beside && make run" in done.stdout


def test_a_failed_set_up_is_said_and_the_project_kept(new: Run, tmp_path: Path) -> None:
    done = new("--out", str(tmp_path), "project_slug=shop", MAKE_STATUS="2")
    assert done.returncode == 1
    assert done.stderr.startswith("make setup failed with status 2; the project is kept. ")
    assert "/shop && make setup && git init --quiet -b main && git add --all &&" in done.stderr
    assert (tmp_path / "shop" / "wsgi.py").exists()


def test_an_existing_folder_is_left_alone(new: Run, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine.txt").write_text("mine", "utf-8")
    done = new("--out", str(tmp_path), "project_slug=shop")
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}/shop exists already; take it away or say OUT=.\n"
    assert [path.name for path in (tmp_path / "shop").iterdir()] == ["mine.txt"]
    assert {path.name for path in tmp_path.iterdir()} == {"programs", "shop"}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("project_slug=my slug", "project_slug 'my slug': use a-z"),
        ("project_name=3D", "project_slug '3d': use a-z"),
        ("project_name=😀", "project_slug '': write something."),
        ("description=a {% b", "description 'a {% b': write it without"),
        ("features=notess", "features 'notess': There is no feature 'notess'"),
        ("colour=red", "'colour=red' is no answer; write name=value"),
        ("shop", "'shop' is no answer; write name=value"),
    ],
)
def test_a_bad_answer_is_one_sentence_and_nothing_is_written(
    new: Run, tmp_path: Path, answer: str, sentence: str
) -> None:
    done = new("--out", str(tmp_path / "a" / "folder"), answer)
    assert done.returncode == 1
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["programs"]


def test_a_place_that_cannot_be_written_is_one_sentence(new: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = new("--out", str(tmp_path / "file"))
    assert done.returncode == 1
    assert done.stderr == f"The project cannot be written to {tmp_path}/file: Not a directory.\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /sys")
def test_a_place_that_is_closed_even_to_root_is_one_sentence(new: Run) -> None:
    done = new("--out", "/sys/folder")
    assert done.returncode == 1
    assert done.stderr.startswith("The project cannot be written to /sys/folder: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("program", ["git", "make"])
def test_a_missing_program_is_one_sentence(new: Run, tmp_path: Path, program: str) -> None:
    (tmp_path / "programs" / "git").symlink_to("/bin/true")
    (tmp_path / "programs" / program).unlink()
    done = new("--out", str(tmp_path / "out"), path=str(tmp_path / "programs"))
    assert done.returncode == 1
    assert done.stderr == f"{program} is not installed; a new project needs it.\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_interrupted_leaves_nothing_half_written(
    changed_template: Path, tmp_path: Path, clean_environment: dict[str, str], end: signal.Signals
) -> None:
    """The generator says when it has begun to write, and goes on only after the signal."""
    generator = changed_template / "flask_gatehouse" / "generate.py"
    reached, sent = tmp_path / "reached", tmp_path / "sent"
    source, begin = generator.read_text("utf-8"), "    here = Path.cwd()\n    answers ="
    assert begin in source
    wait = (
        f'    import time\n    Path("{reached}").touch()\n'
        f'    while not Path("{sent}").exists():\n        time.sleep(0.05)\n'
    )
    generator.write_text(source.replace(begin, wait + begin), "utf-8")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "flask_gatehouse", "new", "--no-input", "--out", str(out)]
    with subprocess.Popen(
        command,
        cwd=changed_template,
        env=clean_environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as running:
        while not reached.exists() and running.poll() is None:
            time.sleep(0.05)
        os.killpg(running.pid, end)
        sent.touch()
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert said.strip() == "Stopped; nothing was written."
    assert {path.name for path in tmp_path.iterdir()} == {"reached", "sent", "template"}


def test_a_set_up_that_is_interrupted_says_how_to_go_on(new: Run, tmp_path: Path) -> None:
    """Not by SIGINT: a run in the background of a shell is told to ignore that."""
    (tmp_path / "programs" / "make").write_text("#!/bin/sh\nkill -TERM $PPID\nsleep 1\n", "utf-8")
    done = new("--out", str(tmp_path), "project_slug=shop")
    assert done.returncode == 1
    assert done.stderr.startswith("The set-up was interrupted; the project is kept. Go on with: ")
    assert (tmp_path / "shop" / "wsgi.py").exists()


def test_at_a_terminal_two_questions_are_asked_until_they_can_be_answered(
    new: Run, template: Path, tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    screen, keyboard = pty.openpty()
    command = [sys.executable, "-m", "flask_gatehouse", "new", "--out", str(tmp_path)]
    path = f"{tmp_path}/programs:/usr/local/bin:/usr/bin:/bin"
    os.write(screen, "Grüße {{\nGrüße\nfoo\nup to accounts\n".encode())
    done = subprocess.run(
        command,
        cwd=template,
        env={**clean_environment, "PATH": path},
        stdin=keyboard,
        capture_output=True,
        text=True,
        check=False,
    )
    os.close(keyboard)
    os.close(screen)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("What is the project called? (My Flask App)") == 2
    assert done.stdout.count("Which features: ") == 2
    assert "write it without {{, {% and {#" in done.stdout
    assert "There is no feature 'foo'" in done.stdout
    assert (tmp_path / "grusse" / "app" / "accounts").is_dir()
    assert not (tmp_path / "grusse" / "app" / "login").exists()
