"""The list of what OWASP asks for: whole, and nothing in it that no test, page or reason shows."""

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def requirements(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The directive that makes the page."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "_extensions"))
    return import_module("requirements")


def each(requirements: ModuleType) -> Iterator[tuple[str, str, Any]]:
    """Yield chapter, number and what is said of each requirement."""
    for chapter, rows in requirements.asked().items():
        if "title" in rows:
            for number, said in rows.items():
                if number != "title":
                    yield chapter, number, said


def test_every_requirement_is_shown_or_has_its_reason(requirements: ModuleType) -> None:
    states = {
        number: requirements.state(chapter, number) for chapter, number, _ in each(requirements)
    }
    assert [number for number, (state, _) in states.items() if state == "not here"] == []


def test_no_test_names_a_requirement_that_is_not_in_the_list(requirements: ModuleType) -> None:
    assert set(requirements.proofs()) - {number for _, number, _ in each(requirements)} == set()


def test_what_is_excused_is_not_also_proved(requirements: ModuleType) -> None:
    said = requirements.asked()
    excused = {*said["excepted"], *said["absent"]}
    assert excused & (set(requirements.proofs()) | set(said["answered"])) == set()


def test_what_answers_is_there(requirements: ModuleType) -> None:
    for answer in requirements.asked()["answered"].values():
        assert (ROOT / answer).exists(), answer


def test_numbers_stand_in_their_chapter_and_their_order(requirements: ModuleType) -> None:
    found: dict[str, list[list[int]]] = {}
    for chapter, number, (level, words) in each(requirements):
        assert re.fullmatch(rf"{chapter[1:]}\.\d+\.\d+", number)
        assert words.endswith(".")
        assert level in (1, 2, 3)
        found.setdefault(chapter, []).append([int(part) for part in number.split(".")])
    assert list(found) == [f"V{number}" for number in range(1, 18)]
    assert all(numbers == sorted(numbers) for numbers in found.values())
