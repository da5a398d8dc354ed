"""Migrations: one unbranched chain, whatever is left out."""

from pathlib import PurePosixPath

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.migrations import Migration, ordered, parents, read, relinked, with_down

SOURCE = '''"""accounts: the tables of accounts

Revision ID: a1
Revises: b2
"""

revision: str = "a1"
down_revision: str | None = "b2"
'''


def migration(revision: str, down: str | None, feature: str) -> Migration:
    return Migration(PurePosixPath(f"{revision}.py"), revision, down, feature)


CHAIN = [
    migration("c", "b", "accounts"),
    migration("a", None, "accounts"),
    migration("d", "c", "login"),
    migration("b", "a", "api"),
]


def test_a_migration_is_read_without_being_run() -> None:
    path = PurePosixPath("migrations/versions/a1.py")
    assert read(path, SOURCE) == Migration(path, "a1", "b2", "accounts")


def test_migrations_are_ordered_from_the_first_to_the_head() -> None:
    assert [found.revision for found in ordered(CHAIN)] == ["a", "b", "c", "d"]


def test_the_chain_closes_over_what_is_left_out() -> None:
    downs = relinked(CHAIN, ["accounts", "login"])
    assert {path.stem: down for path, down in downs.items()} == {"a": None, "c": "a", "d": "c"}


def test_a_chain_can_begin_behind_a_head() -> None:
    downs = relinked(CHAIN, ["api", "login"], head="u001")
    assert {path.stem: down for path, down in downs.items()} == {"b": "u001", "d": "b"}


def test_a_relinked_migration_says_so_in_code_and_docstring() -> None:
    moved = with_down(SOURCE, "z9")
    assert "Revises: z9\n" in moved
    assert 'down_revision: str | None = "z9"\n' in moved
    first = with_down(SOURCE, None)
    assert "Revises:\n" in first
    assert "down_revision: str | None = None\n" in first
    assert with_down(moved, "b2") == with_down(first, "b2") == SOURCE


@pytest.mark.parametrize(
    ("migrations", "part"),
    [
        ([*CHAIN, migration("e", "b", "totp")], "Two migrations follow b: c.py and e.py."),
        ([*CHAIN, migration("e", "lost", "totp")], "not on the chain: e.py."),
        ([migration("a", "b", "api"), migration("b", "a", "api")], "not on the chain: a.py, b.py."),
    ],
)
def test_a_chain_that_branches_breaks_or_circles_is_refused(
    migrations: list[Migration], part: str
) -> None:
    with pytest.raises(GeneratorError, match=part):
        ordered(migrations)


@pytest.mark.parametrize(
    "source",
    [
        SOURCE.replace("accounts: the", "the"),
        SOURCE.replace('"a1"', "make_id()"),
        SOURCE.replace('= "b2"', "= head()"),
        SOURCE.replace("down_revision", "branch_labels"),
    ],
)
def test_a_migration_that_cannot_be_placed_is_refused(source: str) -> None:
    with pytest.raises(GeneratorError, match=r"^migrations/versions/a1\.py"):
        read(PurePosixPath("migrations/versions/a1.py"), source)


def test_a_migration_the_project_has_already_stays_where_it_is() -> None:
    downs = relinked(CHAIN, ["api", "login"], head="u001", there=["b"])
    assert {path.stem: down for path, down in downs.items()} == {"d": "u001"}


@pytest.mark.parametrize(
    ("down", "followed"),
    [("None", ()), ('"a1"', ("a1",)), ('("a1", "b2")', ("a1", "b2")), ('["a1"]', ("a1",))],
)
def test_what_a_migration_of_an_owner_follows_is_read(down: str, followed: tuple[str, ...]) -> None:
    source = f'revision = "c3"\ndown_revision = {down}\n'
    assert parents(PurePosixPath("c3.py"), source.encode()) == ("c3", followed)
