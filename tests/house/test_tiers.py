"""Which tests are left out, what the last line says of it, and what the guard refuses."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.project import ROOT

pytestmark = pytest.mark.process

TESTS = """
import os
import subprocess
import sys

import pytest


def test_quick():
    pass


@pytest.mark.slow
def test_slow():
    pass


@pytest.mark.process
def test_marked():
    subprocess.run([sys.executable, "-c", ""], check=True)
"""
UNMARKED = """

def test_unmarked():
    subprocess.run([sys.executable, "-c", ""], check=True)


def test_unmarked_fork():
    if not os.fork():
        os._exit(0)
"""
SETTINGS = """
[pytest]
markers =
    browser: x
    process: x
    slow: x
"""
Pytest = Callable[..., str]


@pytest.fixture
def run_tests(tmp_path: Path) -> Pytest:
    """Run the tests of a small project of its own, and return the output."""
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.tiers"]\n', "utf-8")
    (tmp_path / "pytest.ini").write_text(SETTINGS, "utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")

    def _run_tests(*options: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return _run_tests


def test_all_tests_run_by_default(run_tests: Pytest) -> None:
    said = run_tests()
    assert "3 passed" in said
    assert "Left out" not in said


@pytest.mark.parametrize("workers", ["0", "2"])
def test_quick_tests_leave_out_the_marked_ones_and_say_so(run_tests: Pytest, workers: str) -> None:
    said = run_tests("--quick", "-n", workers)
    assert "1 passed" in said
    assert "Left out: 2 tests that start a browser or processes, or are slow." in said
    assert "make test ALL=1" in said


def test_a_marked_test_runs_when_nothing_else_is_selected(run_tests: Pytest) -> None:
    said = run_tests("--quick", "-k", "test_slow")
    assert "1 passed, 2 deselected" in said
    assert "Left out" not in said


@pytest.mark.parametrize("narrowed", [("-k", "quick"), ("test_it.py::test_quick",), ()])
def test_few_tests_start_no_workers(run_tests: Pytest, narrowed: tuple[str, ...]) -> None:
    assert "created:" not in run_tests("--quick", "-n", "auto", *narrowed)


def test_all_tests_are_run_by_workers(run_tests: Pytest) -> None:
    assert "created:" in run_tests("-n", "auto")


def test_a_test_that_starts_a_process_without_its_mark_fails(
    run_tests: Pytest, tmp_path: Path
) -> None:
    (tmp_path / "test_it.py").write_text(TESTS + UNMARKED, "utf-8")
    said = run_tests()
    assert "2 failed, 3 passed" in said
    assert "This test starts a process: mark it with pytest.mark.process." in said


def test_without_workers_installed_the_tests_still_run(run_tests: Pytest) -> None:
    assert "3 passed" in run_tests("-p", "no:xdist")
