"""`make new`: a project, set up and committed, in one go."""

import json
import logging
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask_gatehouse import GeneratorError, git
from flask_gatehouse.answers import QUESTIONS, refusal
from flask_gatehouse.features import Catalogue
from flask_gatehouse.generate import QUIET

ROOT = Path(__file__).resolve().parent.parent
ADDRESS = "http://localhost:8000"
COMMIT = "Begin with the application as Gatehouse wrote it"
SET_UP = (
    ("make", "setup"),
    ("git", "init", "--quiet", "-b", "main"),
    ("git", "add", "--all"),
    ("git", "commit", "--quiet", "--no-verify", "-m", COMMIT),
)
# What `make` around this command or an active environment would pass on: OUT= and ARGS= travel in
# MAKEFLAGS, and the project's own make and Python must not see them.
FOREIGN = {"MAKEFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "MFLAGS", "PYTHONPATH", "VIRTUAL_ENV", QUIET}


def new(out: Path, given: Sequence[str], *, ask: bool) -> None:
    """Generate a project, set it up, commit it and say what to do next.

    Args:
        out: the folder that will hold the project's folder.
        given: answers as ``name=value``.
        ask: whether a person is there to answer the two questions.

    Raises:
        GeneratorError: with what is wrong; a project that is generated is kept.
    """
    for program in ("git", "make"):
        if shutil.which(program) is None:
            raise GeneratorError(f"{program} is not installed; a new project needs it.")
    answers = dict(_answer(pair) for pair in given)
    if ask:
        answers = _asked(answers)
    project = None
    try:
        with _undisturbed():
            began = time.monotonic()
            project = _generated(out, answers)
            _say_took("Wrote the project", began)
        _set_up(project)
    except KeyboardInterrupt:
        if project is None:
            raise
        raise _kept(project, "The set-up was interrupted") from None
    _say(f"\n{project.name} is ready. Next:\n\n    cd {_shown(project)} && make run\n")
    _say(f"and open {ADDRESS}")


def _answer(pair: str) -> tuple[str, str]:
    name, separator, value = pair.partition("=")
    if not separator or name not in QUESTIONS:
        known = ", ".join(QUESTIONS)
        raise GeneratorError(f"{pair!r} is no answer; write name=value with one of {known}.")
    if sentence := refusal(name, value, ROOT):
        raise GeneratorError(sentence)
    return name, value


def _asked(answers: dict[str, str]) -> dict[str, str]:
    """Ask for the name and the features, unless they are given, until they can be used."""
    defaults = json.loads((ROOT / "cookiecutter.json").read_text("utf-8"))
    questions = {
        "project_name": "What is the project called?",
        "features": "Which features: recommended, everything, minimal, a comma list, up to NAME?",
    }
    for name, question in questions.items():
        if name not in answers and name == "features":
            _say(f"There are: {', '.join(Catalogue.read(ROOT).names)}.")
        while name not in answers:
            value = input(f"{question} ({defaults[name]}) ").strip() or defaults[name]
            if sentence := refusal(name, value, ROOT):
                _say(sentence)
            else:
                answers = {**answers, name: value}
    return answers


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let a stop wait until the half-written project is finished or gone: a second, at most.

    The hooks inherit this. Ctrl+C reaches them too, and each would end in a traceback.
    """
    if sys.platform == "win32":
        yield
        return
    stops = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_told_to_stop() -> bool:
    return sys.platform != "win32" and bool(signal.sigpending())


def _generated(out: Path, answers: dict[str, str]) -> Path:
    """Generate beside the place and move there at the end: a stop leaves nothing half-written."""
    try:
        beside = next(folder for folder in (out, *out.parents) if folder.exists())
        with tempfile.TemporaryDirectory(prefix=".gatehouse-", dir=beside) as scratch:
            finished = _cookiecutter(Path(scratch), answers)
            target = out / finished.name
            if target.exists() or target.is_symlink():
                raise GeneratorError(f"{target} exists already; take it away or say OUT=.")
            if _is_told_to_stop():
                raise KeyboardInterrupt
            out.mkdir(parents=True, exist_ok=True)
            return finished.rename(target)
    except OSError as error:
        reason = error.strerror or str(error)
        raise GeneratorError(f"The project cannot be written to {out}: {reason}.") from error


def _cookiecutter(scratch: Path, answers: dict[str, str]) -> Path:
    from cookiecutter.exceptions import CookiecutterException  # type: ignore[import-untyped]
    from cookiecutter.main import cookiecutter  # type: ignore[import-untyped]

    # It logs every failure with a traceback, besides raising it.
    logging.getLogger("cookiecutter").addHandler(logging.NullHandler())
    os.environ[QUIET] = "1"
    try:
        made = cookiecutter(
            str(ROOT),
            no_input=True,
            extra_context=answers,
            output_dir=str(scratch),
            # Nothing of the person's other templates plays a part, and nothing is left at home.
            default_config={name: str(scratch) for name in ("replay_dir", "cookiecutters_dir")},
        )
    except CookiecutterException as error:
        raise GeneratorError(str(error).strip()) from error
    return Path(made)


def _say_took(what: str, began: float) -> None:
    _say(f"{what} in {time.monotonic() - began:.1f} s.")


def _set_up(project: Path) -> None:
    # A person's own hooks and signing keys belong to commits of their own.
    plain = ["-c", "core.hooksPath=/dev/null", "-c", "commit.gpgsign=false", *_identity(project)]
    for program, *arguments in SET_UP:
        began = time.monotonic()
        options = plain if arguments[0] == "commit" else []
        if status := _status(project, [program, *options, *arguments]):
            raise _kept(project, f"{program} {arguments[0]} failed with status {status}")
    _say_took("Committed it", began)


def _kept(project: Path, fault: str) -> GeneratorError:
    """Name the whole set-up: each of its commands may be repeated."""
    onward = " && ".join(shlex.join(command) for command in SET_UP)
    return GeneratorError(
        f"{fault}; the project is kept. Go on with: cd {_shown(project)} && {onward}"
    )


def _identity(project: Path) -> list[str]:
    """Return options that name an author where git knows none."""
    fallbacks = {"user.name": "Gatehouse", "user.email": "gatehouse@example.com"}
    options: list[str] = []
    for key, value in fallbacks.items():
        if _status(project, ["git", "config", key], quiet=True) != 0:
            options += ["-c", f"{key}={value}"]
    return options


def _status(project: Path, command: list[str], *, quiet: bool = False) -> int:
    kept = {name: value for name, value in git.environment().items() if name not in FOREIGN}
    kept |= _own_uv()
    output = subprocess.DEVNULL if quiet else None
    done = subprocess.run(command, cwd=project, env=kept, stdout=output, check=False)  # noqa: S603
    return done.returncode


def _own_uv() -> dict[str, str]:
    """Lend the project the uv that is installed beside this Python, or it would fetch another."""
    own = Path(sys.executable).with_name("uv")
    known = "UV" in os.environ or shutil.which("uv")
    return {"UV": str(own)} if not known and own.is_file() else {}


def _shown(project: Path) -> str:
    return shlex.quote(os.path.relpath(project))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
