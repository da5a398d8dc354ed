"""Plant faults in the security code, one at a time, and check that the tests notice each.

The faults are listed in ``mutants.toml``. Each changes one line of the application. It is planted
in a copy of the working files, the tests that it names run there, and one of them must fail.
Run it with ``make mutants``.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from importlib.util import cache_from_source
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIST = HERE / "mutants.toml"
T = TypeVar("T")

PARITY = "tests/house/test_parity.py"
CAUGHT, SURVIVED, BROKEN = "caught", "survived", "broken"
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "_build", "instance")
# Plug-ins of pytest: chance, what is written into the copy, and a second of CPU for each run.
LEFT_OUT = ("randomly", "cacheprovider", "schemathesis", "hypothesispytest")
# pytest's exit codes: everything else is a usage error, a collection error or a crash.
PASSED, FAILED, NOTHING_COLLECTED = 0, 1, 5
FIRST_FAILURE = re.compile(r"^(FAILED|ERROR) (tests/.*?)(?: - .*)?$", re.MULTILINE)

running: set[subprocess.Popen[str]] = set()


class ListRefused(Exception):
    """The list cannot be used; the message says why."""


class Unusable(Exception):
    """A fault cannot be judged; the message says why."""


@dataclass(frozen=True)
class Fault:
    """A fault to plant.

    Args:
        file: path of the file, from the root of the repository.
        old: text that occurs exactly once in it.
        new: what replaces it; exactly one line of the file changes.
        about: what goes wrong, in a sentence.
        tests: files or node ids of tests, of which one must fail.
        first: a ``-k`` expression for the tests that run first, because a large file takes long.
            If they pass, or if none matches, all of ``tests`` run.
    """

    file: str
    old: str
    new: str
    about: str
    tests: tuple[str, ...]
    first: str = ""

    def planted(self, text: str) -> str:
        """Return a file with the fault in it.

        Raises:
            Unusable: the fault does not fit the file.
        """
        if (found := text.count(self.old)) != 1:
            raise Unusable(f"`old` occurs {found} times")
        planted = text.replace(self.old, self.new)
        if changed_lines(text, planted) != 1:
            raise Unusable("it does not change exactly one line")
        return planted


@dataclass(frozen=True)
class Result:
    """What became of a fault.

    Args:
        fault: the fault.
        outcome: caught, survived or broken.
        by: the test that failed, or why the fault cannot be judged.
    """

    fault: Fault
    outcome: str
    by: str = ""

    def __str__(self) -> str:
        by = f" [{self.by}]" if self.by else ""
        return f"{self.outcome:8}  {self.fault.file}: {self.fault.about}{by}"


@dataclass(frozen=True)
class Run:
    """How a run of pytest ended.

    Args:
        code: its exit code.
        failed: the node id of the first test that failed, if one did.
        last: the last line of output.
    """

    code: int
    failed: str = ""
    last: str = ""


def read_list(path: Path = LIST) -> list[Fault]:
    """Read the list of faults.

    Raises:
        ListRefused: an entry is incomplete.
    """
    try:
        entries = tomllib.loads(path.read_text())["mutant"]
        return [Fault(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ListRefused(f"{path.name}: {error}") from error


def changed_lines(old: str, new: str) -> int:
    """Return how many lines differ; a line that was changed, added or removed counts once."""
    before, after = old.split("\n"), new.split("\n")
    for end in (0, -1):
        while before and after and before[end] == after[end]:
            del before[end], after[end]
    return max(len(before), len(after))


def selected(faults: Iterable[Fault], word: str) -> list[Fault]:
    """Return the faults whose file or description holds a word, whatever its case."""
    wanted = word.casefold()
    return [one for one in faults if wanted in f"{one.file} {one.about}".casefold()]


def copy_working_files(tree: Path, to: Path) -> None:
    """Copy what belongs to a checkout, committed or not, without what is ignored."""
    if not (tree / ".git").exists():
        shutil.copytree(tree, to, ignore=NOT_COPIED)
        return
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (tree / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(tree / name, to / name)


class Copy:
    """A copy of the working files, in which one fault at a time is planted.

    Args:
        tree: the checkout.
        folder: where the copy goes.
        patience: seconds after which a run of tests is stopped.
    """

    def __init__(self, tree: Path, folder: Path, patience: float) -> None:
        self.folder = folder / "tree"
        self.temporary = folder / "tmp"
        self.patience = patience
        copy_working_files(tree, self.folder)

    @contextmanager
    def holding(self, fault: Fault) -> Iterator[None]:
        """Plant a fault, and restore the file afterwards.

        Raises:
            Unusable: the fault does not fit the file.
        """
        path = self.folder / fault.file
        if not path.is_file():
            raise Unusable("there is no such file")
        original, times = path.read_bytes(), path.stat()
        path.write_text(fault.planted(original.decode()))
        # Bytecode is trusted by size and second: a fault of equal length could be overlooked.
        bytecode = Path(cache_from_source(str(path)))
        bytecode.unlink(missing_ok=True)
        try:
            yield
        finally:
            path.write_bytes(original)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
            bytecode.unlink(missing_ok=True)

    def run(self, tests: Sequence[str], *options: str) -> Run:
        """Run tests until the first failure.

        Raises:
            Unusable: they take too long.
        """
        without = (f"-pno:{name}" for name in LEFT_OUT)
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--tb=no", *without]
        command += [f"--basetemp={self.temporary}"]
        unset = ("PYTEST_ADDOPTS", "PYTHONDONTWRITEBYTECODE")
        with subprocess.Popen(
            [*command, *options, *tests],
            cwd=self.folder,
            env={name: value for name, value in os.environ.items() if name not in unset},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # so that it can be stopped with whatever it has started
        ) as process:
            running.add(process)
            try:
                output, _ = process.communicate(timeout=self.patience)
            except subprocess.TimeoutExpired:
                raise Unusable(f"its tests take more than {self.patience:.0f} s") from None
            finally:
                stop(process)
        return read_output(process.returncode, output)


def read_output(code: int, output: str) -> Run:
    """Read how a run of pytest ended.

    A test has failed only if it began: an error while its fixtures are set up says that the fault
    is too coarse, and an error while tests are collected has another exit code.
    """
    last = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    first = FIRST_FAILURE.search(output) if code == FAILED else None
    if first is None:
        return Run(code, last=last.strip())
    if first[1] == "ERROR":
        return Run(code, last=f"the preparation of a test fails: {first[2]}")
    return Run(code, first[2])


def stop(process: subprocess.Popen[str]) -> None:
    """End a run of pytest, with the processes that it started."""
    running.discard(process)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def judge(copy: Copy, fault: Fault, *, wide: bool) -> Result:
    """Plant a fault, run its tests, and tell whether one failed."""
    try:
        return _judge(copy, fault, wide=wide)
    except Unusable as reason:
        return Result(fault, BROKEN, str(reason))


def _judge(copy: Copy, fault: Fault, *, wide: bool) -> Result:
    have_run = False
    for number, (tests, options) in enumerate(stages(fault, copy.folder, wide=wide)):
        with copy.holding(fault):
            run = copy.run(tests, *options)
        if run.failed:
            # The untouched copy has passed what runs first. What runs later must still show it.
            if number > 0 and copy.run([run.failed]).code == FAILED:
                raise Unusable(f"this test fails without the fault, too: {run.failed}")
            return Result(fault, CAUGHT, run.failed)
        if run.code not in (PASSED, NOTHING_COLLECTED):
            raise Unusable(run.last)
        have_run |= run.code == PASSED
    if not have_run:
        raise Unusable("it names no tests that exist")
    return Result(fault, SURVIVED)


def stages(fault: Fault, tree: Path, *, wide: bool) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the runs of a fault, each only needed if the one before passed: tests and options."""
    if fault.first:
        yield list(fault.tests), ["-k", fault.first]
    yield list(fault.tests), []
    if wide:
        yield wide_tests(fault, tree), ["-m", "not browser"]


def wide_tests(fault: Fault, tree: Path) -> list[str]:
    """Return the folders of a fault's tests and of its feature, and the tests of parity.

    A test that was rewritten may be in another file.
    """
    feature = f"tests/{Path(fault.file).parts[1]}"
    folders = {str(Path(test.partition("::")[0]).parent) for test in fault.tests} | {feature}
    return sorted(one for one in {*folders, PARITY} if (tree / one).exists())


def untouched_runs(faults: Iterable[Fault]) -> list[tuple[str, list[str]]]:
    """Return what must pass before a fault is planted: each test file once, with its options."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for fault in faults:
        for test in fault.tests:
            wanted[test].add(fault.first)
    return [
        (test, [] if "" in words else ["-k", " or ".join(f"({word})" for word in sorted(words))])
        for test, words in wanted.items()
    ]


def check_untouched(copies: Sequence[Copy], faults: Iterable[Fault]) -> list[str]:
    """Run the tests without any fault, and return what fails."""

    def fails(copy: Copy, test: str, options: list[str]) -> str:
        if not (copy.folder / test.partition("::")[0]).exists():
            return ""  # the faults that name it are broken in this checkout
        run = copy.run([test], *options)
        if run.code in (PASSED, NOTHING_COLLECTED):
            return ""
        return f"{test}: {run.failed or run.last}"

    return [failure for failure in spread(copies, fails, untouched_runs(faults)) if failure]


def spread(
    copies: Sequence[Copy], work: Callable[..., T], arguments: Iterable[Sequence[Any]]
) -> Iterator[T]:
    """Do work for each of some arguments, one at a time in each copy.

    Yields:
        Results, as they come.
    """
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def with_a_copy(given: Sequence[Any]) -> T:
        copy = free.get()
        try:
            return work(copy, *given)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        jobs = [pool.submit(with_a_copy, given) for given in arguments]
        try:
            yield from (job.result() for job in as_completed(jobs))
        finally:  # also after Ctrl+C
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                stop(process)


def plant_all(copies: Sequence[Copy], faults: Sequence[Fault], *, wide: bool) -> list[Result]:
    """Judge every fault, print each result as it comes, and return them in the list's order."""
    results: list[Result] = []
    for result in spread(copies, partial(judge, wide=wide), [[fault] for fault in faults]):
        results.append(result)
        print(f"[{len(results):3}/{len(faults)}] {result}", flush=True)
    return sorted(results, key=lambda result: faults.index(result.fault))


def report(results: Sequence[Result], seconds: float) -> str:
    """Return what was not caught, and one line of figures."""
    missed = [str(result) for result in results if result.outcome != CAUGHT]
    count = Counter(result.outcome for result in results)
    figures = ", ".join(f"{count[outcome]} {outcome}" for outcome in (CAUGHT, SURVIVED, BROKEN))
    return "\n".join([*missed, f"Mutants: {figures} in {seconds:.0f} s"])


def options_of(arguments: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.template.mutants", description=__doc__)
    add = parser.add_argument
    add("--only", default="", metavar="WORD", help="a word of the file's path or the description")
    add("--tree", type=Path, default=ROOT, help="the checkout to plant them in")
    add("--list", type=Path, default=LIST, help="the list of faults")
    add("--wide", action="store_true", help="survivors also meet all tests of their feature")
    add("--workers", type=int, default=2, help="runs of pytest at a time")
    add("--patience", type=float, default=900, help="seconds for one run of pytest")
    add("--record", type=Path, metavar="FILE", help="where to write the results")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant the faults and return 0 if all are caught, 1 if not, 2 if they cannot be judged."""
    options, began = options_of(arguments), time.monotonic()
    try:
        faults = selected(read_list(options.list), options.only)
    except ListRefused as reason:
        print(reason, file=sys.stderr)
        return 2
    if not faults:
        print(f"No fault has {options.only!r} in its file or description.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as scratch:
        folders = [Path(scratch) / str(number) for number in range(max(1, options.workers))]
        copies = [Copy(options.tree.resolve(), folder, options.patience) for folder in folders]
        if failures := check_untouched(copies, faults):
            print("Without any fault these tests fail already:", *failures, sep="\n  ")
            return 2
        print(f"Without any fault the tests pass ({time.monotonic() - began:.0f} s).", flush=True)
        results = plant_all(copies, faults, wide=options.wide)
    if options.record:
        options.record.write_text("".join(f"{result}\n" for result in results))
    print(report(results, time.monotonic() - began))
    return int(any(result.outcome != CAUGHT for result in results))


if __name__ == "__main__":
    sys.exit(main())
