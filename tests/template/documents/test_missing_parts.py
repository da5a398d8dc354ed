"""A page that needs a part which this machine does not have is skipped, and nothing else is."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sybil.example import SybilFailure

from tests.parts import PARTS, path_without, require_part
from tests.template.documents.page import Reader
from tests.template.documents.terminal import Terminal
from tests.template.documents.visitor import Visitor

pytestmark = pytest.mark.process

REASON = "oathtool is missing; install it with: sudo apt install oathtool"
# A part that a page may need and that this machine may have; the tests take it away.
USED = ("curl", "openssl")
Read = Callable[..., None]


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Carry out a console block on a machine without some programs."""
    monkeypatch.delenv("GATEHOUSE_REQUIRE_ALL", raising=False)

    def _read(*lines: str, without: tuple[str, ...] = ()) -> None:
        (tmp_path / "links").mkdir()
        path = path_without(without, os.environ["PATH"], tmp_path / "links")
        monkeypatch.setenv("PATH", path)
        page = tmp_path / "page.md"
        page.write_text("\n".join(["```console", *lines, "```", ""]), "utf-8")
        visitor = Visitor(lambda: pytest.fail("no page here opens a browser"))
        with Reader(Terminal(tmp_path, {"PATH": path}), visitor) as reader:
            reader.read(page)

    return _read


def test_a_part_is_there_unless_it_is_hidden() -> None:
    """For the runs that hide one of these: it is this test that skips then."""
    for name in USED:
        require_part(name)


@pytest.mark.parametrize("name", USED)
@pytest.mark.parametrize(
    "command",
    [
        "{} --version",
        'word="$({} --version)"',
        "{} --version | cat >/dev/null; false",
        "bash -c 'set -e; {} --version; echo done'",
        "sh -c '{} --version'",
        "ask() {{ {} --version; }}; ask",
    ],
)
def test_a_command_that_is_missing_skips_the_page(read: Read, name: str, command: str) -> None:
    reason = f"{name} is missing; install it with: {PARTS[name].install}"
    with pytest.raises(pytest.skip.Exception, match=f"^{reason}$"):
        read(f"$ {command.format(name)}", without=(name,))


def test_a_command_that_is_no_part_fails_the_page(read: Read) -> None:
    with pytest.raises(SybilFailure, match="command not found"):
        read("$ curll --version")


def test_where_every_part_is_required_a_missing_command_fails(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.parts.os.environ", {**os.environ, "GATEHOUSE_REQUIRE_ALL": "1"})
    with pytest.raises(pytest.fail.Exception, match="curl is missing"):
        read("$ curl --version", without=("curl",))


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        ("57 passed, 1 skipped in 3.02s", "... passed in ..."),
        ("2 passed, 1 skipped in 3.02s", "... 2 passed in ..."),
        ("7 passed, 1 skipped, 3 deselected in 3.02s", "... passed, ... deselected in ..."),
    ],
)
def test_a_part_that_tests_in_a_page_lack_changes_nothing_else(
    read: Read, counted: str, expected: str
) -> None:
    read(f"$ echo 'Skipped: {REASON}'; echo '==== {counted} ===='", expected)


def test_a_page_whose_tests_are_all_skipped_is_skipped(read: Read) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"^{REASON}$"):
        read(f"$ echo '{REASON}'; echo '1 skipped in 3.02s'", "... passed in ...")


def test_tests_that_should_have_noticed_a_fault_and_were_skipped_skip_the_page(read: Read) -> None:
    with pytest.raises(pytest.skip.Exception, match=f"^{REASON}$"):
        read(
            f"$ echo '{REASON}'; echo '5 passed, 1 skipped in 3.02s'",
            "make: *** [Makefile:123: test] Error 1",
        )


@pytest.mark.parametrize(
    "command",
    [
        "echo '57 passed, 1 skipped in 3.02s'",  # for a reason of its own
        f"echo '{REASON}'; echo '1 failed, 56 passed, 1 skipped in 3.02s'; false",
        f"echo '{REASON}'; echo '1 error in 3.02s'; false",
    ],
)
def test_what_fails_by_itself_still_fails(read: Read, command: str) -> None:
    with pytest.raises(SybilFailure):
        read(f"$ {command}", "... passed in ...")
