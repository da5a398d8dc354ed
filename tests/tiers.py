"""Which tests `make test` runs: all but those that start a browser or processes, or are slow.

Those are marked, and `make check` runs them too. A test that starts a process without the mark
fails, so that the quick tests stay quick.
"""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

MARKS = ("browser", "process", "slow")
# Whoever asks for one of these fixtures starts something.
STARTS = {
    "chromium": "browser",
    "postgresql": "process",
    "redis": "process",
    "clean_environment": "process",  # feature: template
}
FEW_FILES = 6
LEFT_OUT = pytest.StashKey[int]()
LEFT_OUT_BY_WORKER = "tests_left_out"
REMEDY = "Run them too: make check, or make test ALL=1"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--quick``."""
    parser.addoption(
        "--quick",
        action="store_true",
        help="leave out the tests that are marked as slow, if others are selected",
    )


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Start no workers for a few files: they would take longer to begin than the tests."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ or not config.option.quick:
        return None
    is_narrowed = bool(config.option.keyword) or any("::" in one for one in config.args)
    files = sum(_count_files(config.rootpath / one) for one in config.args)
    return 0 if is_narrowed or files <= FEW_FILES else None


def _count_files(place: Path) -> int:
    return len(list(place.rglob("test_*.py"))) if place.is_dir() else 1


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark a test that starts something by a fixture."""
    for fixture, mark in STARTS.items():
        if fixture in getattr(item, "fixturenames", ()):
            item.add_marker(mark)


# After `-k` and `-m` have selected: a marked test that is named by itself is run.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With ``--quick``, leave out the marked tests if others are selected."""
    left_out = [item for item in items if _starts_something(item)]
    if config.option.quick and 0 < len(left_out) < len(items):
        items[:] = [item for item in items if not _starts_something(item)]
        config.hook.pytest_deselected(items=left_out)
        _note(config, len(left_out))


def _note(config: pytest.Config, left_out: int) -> None:
    """Keep the number for the last line; each worker of a parallel run finds the same one."""
    config.stash[LEFT_OUT] = left_out
    if hasattr(config, "workeroutput"):
        config.workeroutput[LEFT_OUT_BY_WORKER] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker has noted."""
    node.config.stash[LEFT_OUT] = node.workeroutput.get(LEFT_OUT_BY_WORKER, 0)


def _starts_something(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in MARKS)


class Guard:
    """Fails an unmarked test that starts a process.

    An audit hook sees every way to do so (PEP 578), and cannot be taken out again.
    """

    def __init__(self) -> None:
        self.is_quick_test = False
        sys.addaudithook(self._look)

    def _look(self, happens: str, _: Any) -> None:
        if self.is_quick_test and happens in ("subprocess.Popen", "os.posix_spawn", "os.fork"):
            raise AssertionError("This test starts a process: mark it with pytest.mark.process.")


GUARD = Guard()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """Let the guard know which kind of test is running."""
    GUARD.is_quick_test = not _starts_something(item)
    try:
        return (yield)
    finally:
        GUARD.is_quick_test = False


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say what was left out, and how to run it."""
    number = config.stash.get(LEFT_OUT, 0)
    if number:
        terminalreporter.write_line(
            f"Left out: {number} tests that start a browser or processes, or are slow. {REMEDY}."
        )
