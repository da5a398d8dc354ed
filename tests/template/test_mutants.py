"""The list of planted faults fits the current code, and its runner reports which were caught."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.expression import Expression

from tests.template import mutants
from tests.template.mutants import BROKEN, CAUGHT, ROOT, SURVIVED, Fault, Unusable

FAULTS = mutants.read_list()
FEWEST = 60
# The security code. A feature without any fault in the list would look well tested.
COVERED = {"accounts", "admin", "api", "core", "devices", "login", "notes", "one_time_codes"}
COVERED |= {"passwords", "profile", "recovery_codes", "roles", "second_factor", "security_log"}
COVERED |= {"social", "totp"}

DOOR = """def opens(key):
    return key == "right"


def knocks():
    return 3
"""
TESTS = """import pytest

from app.door import opens


@pytest.mark.parametrize("key", ["wrong", "other"])
def test_a_wrong_key_is_refused(key):
    assert not opens(key)


@pytest.fixture
def opened():
    assert opens("right")


def test_the_right_key_opens(opened):
    assert opens("right")
"""
OLD = 'return key == "right"'


def test_every_fault_changes_one_line_of_todays_code() -> None:
    wrong = []
    for fault in FAULTS:
        try:
            compile(fault.planted((ROOT / fault.file).read_text()), fault.file, "exec")
        except (OSError, Unusable, SyntaxError) as error:
            wrong.append(f"{fault.file}: {fault.about} {error}")
    assert not wrong, "\n".join(wrong)


def test_every_fault_names_tests_that_exist() -> None:
    wrong = []
    for fault in FAULTS:
        for test in fault.tests:
            file, _, name = test.partition("::")
            path = ROOT / file
            if not path.is_file() or f"def {name.partition('[')[0]}" not in path.read_text():
                wrong.append(f"{fault.about} {test}")
        if not fault.tests:
            wrong.append(f"{fault.about} No tests.")
    assert not wrong, "\n".join(wrong)


def test_every_fault_selects_its_first_tests_by_an_expression() -> None:
    for fault in FAULTS:
        if fault.first:
            Expression.compile(fault.first)  # raises on what pytest could not read


def test_every_fault_says_what_goes_wrong_and_none_is_planted_twice() -> None:
    for fault in FAULTS:
        assert re.fullmatch(r"[A-Z].{10,100}\.", fault.about), fault.about
    assert len({(fault.file, fault.about) for fault in FAULTS}) == len(FAULTS)
    assert len({(fault.file, fault.old, fault.new) for fault in FAULTS}) == len(FAULTS)


def test_the_list_covers_the_security_code() -> None:
    assert len(FAULTS) >= FEWEST
    assert {Path(fault.file).parts[1] for fault in FAULTS} >= COVERED


Plant = Callable[..., tuple[int, str]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project of one module, with its tests."""
    tree = tmp_path / "tree"
    (tree / "app").mkdir(parents=True)
    (tree / "tests").mkdir()
    (tree / "app" / "__init__.py").touch()
    (tree / "app" / "door.py").write_text(DOOR)
    (tree / "tests" / "test_door.py").write_text(TESTS)
    (tree / "tests" / "test_empty.py").touch()
    return tree


@pytest.fixture
def plant(
    tree: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Plant:
    """Run the runner in this project, with a list of its own; check that it leaves no fault."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take longer than the tests

    def run(*entries: dict[str, Any], options: tuple[str, ...] = ()) -> tuple[int, str]:
        usual = {"file": "app/door.py", "old": OLD, "new": "return True"}
        usual |= {"tests": ["tests/test_door.py"]}
        lines = []
        for number, entry in enumerate(entries):
            lines.append("[[mutant]]")
            whole = usual | {"about": f"Fault {number}."} | entry
            # What JSON writes for texts and lists of texts, TOML reads.
            lines += [f"{name} = {json.dumps(value)}" for name, value in whole.items()]
        listed = tmp_path / "list.toml"
        listed.write_text("\n".join(lines))
        code = mutants.main(["--list", str(listed), "--tree", str(tree), *options])
        assert (tree / "app" / "door.py").read_text() == DOOR
        return code, capfd.readouterr().out

    return run


@pytest.mark.process
def test_a_fault_is_caught_or_survives(plant: Plant) -> None:
    code, said = plant(
        {},
        {"old": "return 3", "new": "return 4"},
        {"first": "right"},  # which passes, so that all of its tests run
        {"first": "of_another_name"},
    )
    refused = "tests/test_door.py::test_a_wrong_key_is_refused[wrong]"
    assert f"{CAUGHT}    app/door.py: Fault 0. [{refused}]" in said
    assert f"{SURVIVED}  app/door.py: Fault 1." in said
    assert f"{CAUGHT}    app/door.py: Fault 2. [{refused}]" in said
    assert f"{CAUGHT}    app/door.py: Fault 3. [{refused}]" in said
    assert re.search(r"\nMutants: 3 caught, 1 survived, 0 broken in \d+ s$", said.rstrip())
    assert code == 1


@pytest.mark.process
def test_a_fault_that_cannot_be_judged_is_broken(plant: Plant) -> None:
    code, said = plant(
        {"old": "return None"},
        {"old": "return"},
        {"new": "return True\n    return False"},
        {"file": "app/window.py"},
        {"old": "def opens(key):", "new": "def shuts(key):"},
        {"new": "return False"},
        {"tests": ["tests/test_empty.py"]},
        {"tests": ["tests/test_window.py"]},
    )
    reasons = re.findall(rf"\] {BROKEN}    (.*)", said)
    assert len(reasons) == 8
    assert "`old` occurs 0 times" in said
    assert "`old` occurs 2 times" in said
    assert "it does not change exactly one line" in said
    assert "there is no such file" in said
    assert "1 error in" in said  # of an import, while tests are collected
    assert "the preparation of a test fails: tests/test_door.py::test_the_right_key_opens" in said
    assert "it names no tests that exist" in said
    assert code == 1


@pytest.mark.process
def test_nothing_is_planted_where_a_test_fails_already(plant: Plant, tree: Path) -> None:
    (tree / "tests" / "test_door.py").write_text("def test_fails():\n    assert False\n")
    code, said = plant({})
    assert "Without any fault these tests fail already:" in said
    assert "tests/test_door.py: tests/test_door.py::test_fails" in said
    assert "Mutants:" not in said
    assert code == 2


@pytest.mark.process
def test_a_wide_run_looks_in_other_files_of_the_feature(plant: Plant) -> None:
    narrow = {"tests": ["tests/test_door.py::test_the_right_key_opens"]}
    code, said = plant(narrow, {"file": "app/window.py"}, options=("--wide", "--only", "DOOR"))
    assert "Mutants: 1 caught, 0 survived, 0 broken" in said
    assert code == 0


@pytest.mark.process
def test_a_test_that_fails_anyway_catches_nothing(plant: Plant, tree: Path) -> None:
    (tree / "tests" / "test_other.py").write_text("def test_fails():\n    assert False\n")
    _, said = plant({"old": "return 3", "new": "return 4"}, options=("--wide",))
    assert "this test fails without the fault, too: tests/test_other.py::test_fails" in said


def test_a_word_that_selects_nothing_is_said() -> None:
    assert mutants.main(["--only", "no such word"]) == 2


@pytest.mark.parametrize("text", ["no list", "[[mutant]]\nfile = 'app/door.py'", "[other]"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    listed = tmp_path / "list.toml"
    listed.write_text(text)
    with pytest.raises(mutants.ListRefused, match=r"list\.toml"):
        mutants.read_list(listed)


def test_changed_lines_are_counted() -> None:
    assert mutants.changed_lines("a\nb\nc", "a\nx\nc") == 1
    assert mutants.changed_lines("a\nb\nc", "a\nc") == 1
    assert mutants.changed_lines("a\nc", "a\nb\nc") == 1
    assert mutants.changed_lines("a\nb\nc", "x\nb\nx") == 3
    assert mutants.changed_lines("a", "a") == 0


def test_a_file_that_appears_twice_in_the_list_runs_once_without_faults() -> None:
    def fault(*tests: str, first: str = "") -> Fault:
        return Fault("app/door.py", "a", "b", "About.", tests, first)

    runs = dict(mutants.untouched_runs([fault("x", first="a or b"), fault("x", "y", first="c")]))
    assert runs == {"x": ["-k", "(a or b) or (c)"], "y": ["-k", "(c)"]}
    assert dict(mutants.untouched_runs([fault("x", first="a"), fault("x")])) == {"x": []}
