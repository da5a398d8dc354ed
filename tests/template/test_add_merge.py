"""The merge of one file: two insertions stand together, anything else is left to a person."""

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.merge import merge

pytestmark = pytest.mark.process

BASE = """class A:
    x = 1
"""
WITH_ATTRIBUTE = """class A:
    x = 1
    y = 2
"""
WITH_CLASS = """class A:
    x = 1


class B:
    z = 3
"""
WITH_BOTH = """class A:
    x = 1
    y = 2


class B:
    z = 3
"""


def merged(mine: str, base: str, theirs: str, *, insertions: bool = True) -> tuple[str, int]:
    done = merge(mine.encode(), base.encode(), theirs.encode(), insertions=insertions)
    return done.content.decode(), done.conflicts


def test_an_attribute_of_the_template_stays_in_its_class() -> None:
    assert merged(mine=WITH_CLASS, base=BASE, theirs=WITH_ATTRIBUTE) == (WITH_BOTH, 0)


def test_an_attribute_of_the_owner_stays_in_its_class() -> None:
    assert merged(mine=WITH_ATTRIBUTE, base=BASE, theirs=WITH_CLASS) == (WITH_BOTH, 0)


def test_an_update_leaves_the_same_to_a_person() -> None:
    text, conflicts = merged(WITH_ATTRIBUTE, BASE, WITH_CLASS, insertions=False)
    assert conflicts == 1
    markers = [
        line for line in text.splitlines() if line[:7] in ("<" * 7, "|" * 7, "=" * 7, ">" * 7)
    ]
    assert markers == ["<<<<<<< yours", "||||||| generated", "=======", ">>>>>>> template"]


def test_entries_of_a_list_stand_one_after_the_other() -> None:
    base = 'names = [\n    "a",\n]\n'
    mine = base.replace("]", '    "mine",\n]')
    theirs = base.replace("]", '    "new",\n]')
    assert merged(mine, base, theirs) == ('names = [\n    "a",\n    "mine",\n    "new",\n]\n', 0)


def test_an_insertion_behind_a_line_the_owner_changed_follows_it() -> None:
    base = 'names = [\n    "a>=1",\n]\n'
    mine, theirs = base.replace("1", "2"), base.replace("]", '    "new",\n]')
    assert merged(mine, base, theirs) == ('names = [\n    "a>=2",\n    "new",\n]\n', 0)


def test_a_line_that_both_sides_wrote_is_left_to_a_person() -> None:
    base = "one\ntitle = 1\nthree\n"
    text, conflicts = merged(base.replace("1", "2"), base, base.replace("1", "3"))
    assert conflicts == 1
    assert text == (
        "one\n<<<<<<< yours\ntitle = 2\n||||||| generated\ntitle = 1\n=======\ntitle = 3\n"
        ">>>>>>> template\nthree\n"
    )


def test_a_line_of_equals_signs_is_no_border() -> None:
    base = "Title\n=======\n\nEnd\n"
    mine = base.replace("\nEnd", "\nMine\n=======\n\nEnd")
    theirs = base.replace("\nEnd", "\nNew\n=======\n\nEnd")
    wanted = base.replace("\nEnd", "\nMine\n=======\n\nNew\n=======\n\nEnd")
    assert merged(mine, base, theirs) == (wanted, 0)


def test_bytes_that_are_no_text_of_ours_come_through() -> None:
    base = b"caf\xe9\n1\n2\n3\n"
    done = merge(base, base, base + b"4\n", insertions=True)
    assert (done.content, done.conflicts) == (base + b"4\n", 0)


def test_what_git_cannot_merge_is_one_sentence() -> None:
    with pytest.raises(GeneratorError, match=r"^git cannot merge: .*binary"):
        merge(b"a\0b\n", b"a\n", b"b\n", insertions=True)
