"""On a machine without one of the system parts, tests skip with a reason, and none fails.

Each submission hides one part that the commit draws; GATEHOUSE_MATRIX=1 hides each in turn.
"""

import ast
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import git
from tests.parts import PARTS, path_without, require_part

Run = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
# Tests that need each part. Others of the same file do not, and must still pass.
NEEDING = {
    "chromium": ("tests/totp/test_in_a_browser.py", "tests/social/test_in_a_browser.py"),
    "curl": ("tests/api/test_clients.py", "tests/template/documents/test_missing_parts.py"),
    "flock": ("tests/api/test_clients.py",),
    "jq": ("tests/api/test_clients.py",),
    "nginx": ("tests/house/test_live.py",),
    "oathtool": ("tests/totp/test_otp.py",),
    "openssl": ("tests/template/documents/test_missing_parts.py",),
    "peers": ("tests/peers",),
    "postgresql": ("tests/house/test_databases.py", "tests/house/test_query_plans.py"),
    "redis": ("tests/faults/test_worker.py::test_the_queue_may_be_in_redis",),
    "valgrind": ("tests/template/test_instructions.py",),
}
# Only `make peers` needs it, and a test below is about that.
WITHOUT_TESTS = {"npm"}
COMMIT = git.ask(ROOT, "rev-parse", "--verify", "--quiet", "HEAD") or "no commit yet"
DRAWN = random.Random(COMMIT).choice(sorted(NEEDING))  # noqa: S311 - anybody may draw it again
HIDDEN = sorted(NEEDING) if os.environ.get("GATEHOUSE_MATRIX") == "1" else [DRAWN]


@pytest.mark.parametrize("part", HIDDEN)
def test_without_a_part_tests_skip_and_none_fails(
    run: Run, part: str, record_property: Callable[[str, object], None]
) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NEEDING[part]]
    done = run(command, ROOT, {"GATEHOUSE_HIDE": part, "GATEHOUSE_REQUIRE_ALL": ""})
    assert done.returncode == 0, done.stdout + done.stderr
    reason = f"{part} is missing; install it with: {PARTS[part].install}"
    assert f"Skipped: {reason}" in done.stdout.splitlines()
    record_property("system parts hidden", 1)


def test_where_every_part_is_required_a_missing_one_fails_its_test(run: Run) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *NEEDING["oathtool"]]
    done = run(command, ROOT, {"GATEHOUSE_HIDE": "oathtool", "GATEHOUSE_REQUIRE_ALL": "1"})
    assert done.returncode == 1
    assert "oathtool is missing; install it with: sudo apt install oathtool" in done.stdout
    assert "1 failed" in done.stdout


def test_a_name_that_is_no_part_is_refused(run: Run) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/site"]
    done = run(command, ROOT, {"GATEHOUSE_HIDE": "oathtoll"})
    assert done.returncode != 0
    assert "GATEHOUSE_HIDE names no part: oathtoll; choose from" in done.stdout + done.stderr


def test_every_part_can_be_drawn() -> None:
    assert NEEDING.keys() | WITHOUT_TESTS == PARTS.keys()


def test_without_npm_the_peers_are_not_fetched_and_make_goes_on(
    run: Run, template: Path, tmp_path: Path
) -> None:
    path = path_without(["npm"], os.environ["PATH"], tmp_path)
    done = run(["make", "--no-print-directory", "peers"], template, {"PATH": path})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_program_but_those_left_out_is_still_found(run: Run, tmp_path: Path) -> None:
    path = path_without(["sh", "jq"], os.environ["PATH"], tmp_path)
    told = "import shutil, sys; print(*(shutil.which(name) for name in sys.argv[1:]))"
    done = run([sys.executable, "-c", told, "sh", "jq", "env"], tmp_path, {"PATH": path})
    sh, jq, env = done.stdout.split()
    assert (sh, jq) == ("None", "None")
    assert Path(env).exists()


@pytest.mark.parametrize("name", PARTS)
def test_a_hidden_part_is_found_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_HIDE", f"{name},curl")
    monkeypatch.delenv("GATEHOUSE_REQUIRE_ALL", raising=False)
    with pytest.raises(pytest.skip.Exception, match=f"^{name} is missing; install it with: "):
        require_part(name)


def looks_for(node: ast.AST, programs: set[str]) -> bool:
    """Tell whether code names one of the programs: to `which`, or where no part has that name."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        asked = [one.value for one in node.args if isinstance(one, ast.Constant)]
        return node.func.attr == "which" and not programs.isdisjoint(asked)
    return isinstance(node, ast.Constant) and node.value in programs - PARTS.keys()


def test_tests_look_for_parts_in_one_place() -> None:
    """A look-up of its own would find what is hidden, and fail where the part is missing."""
    programs = {program for part in PARTS.values() for program in part.programs}
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "tests").rglob("*.py")
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if looks_for(node, programs)
    }
    # The second takes a program that lies beside the part it has asked for.
    assert found == {"tests/parts.py", "tests/house/databases.py"}


def test_a_look_up_elsewhere_is_noticed() -> None:
    programs = {"curl", "a-server"}
    seen = [
        code
        for code in ('shutil.which("curl")', '["curl", "nothing"]', 'run(["a-server"])')
        if any(looks_for(node, programs) for node in ast.walk(ast.parse(code)))
    ]
    assert seen == ['shutil.which("curl")', 'run(["a-server"])']
