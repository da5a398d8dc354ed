"""No request has become dearer without anybody having noticed."""

import pytest

from bench import instructions
from tests.parts import require_part


@pytest.mark.process
def test_a_request_takes_as_many_instructions_as_before() -> None:
    require_part("valgrind")
    stored = instructions.read_stored()
    if not stored:
        pytest.skip(f"nothing is stored for Python {instructions.VERSION}: run make instructions")
    changed = instructions.differences(instructions.count(), stored)
    # Dearer: find out why. Cheaper, or dearer for a good reason: `make instructions` and commit.
    assert not changed, "\n".join(changed)


def test_a_case_that_costs_a_tenth_more_or_less_is_told() -> None:
    assert instructions.differences({"page": 7.2}, {"page": 7.0}) == []
    assert instructions.differences({"page": 7.7}, {"page": 7.0})
    assert instructions.differences({"page": 6.3}, {"page": 7.0})
    assert instructions.differences({"new page": 7.0}, {"page": 7.0})
