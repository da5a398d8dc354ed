"""Blank lines where something was taken out: what the formatter would make of them."""

import subprocess
import sys

import pytest

from flask_gatehouse.tags import apply_tags

SOURCES = {
    "a block between functions": """\
def a() -> None:
    x()


# feature: api
def b() -> None:
    y()


# endfeature
def c() -> None:
    z()
""",
    "a block with its own blank lines": """\
def a() -> None:
    x()


# feature: api


def b() -> None:
    y()


# endfeature


def c() -> None:
    z()
""",
    "imports of one feature": """\
import os

# feature: api
import flask

# endfeature
from app import core

print(os, core)
""",
    "the last block of a file": """\
x = 1


# feature: api
def b() -> None:
    y()


# endfeature
""",
    "the start of a file": """\
# feature: api
import os

# endfeature
x = 1
""",
    "a method": """\
class A:
    x = 1

    # feature: api
    def b(self) -> None: ...

    # endfeature
    def c(self) -> None: ...
""",
    "lines of a call": """\
f(
    1,
    # feature: api
    2,
    # endfeature
)
""",
}


@pytest.mark.process
@pytest.mark.parametrize("on", [(), ("api",)])
@pytest.mark.parametrize("name", SOURCES)
def test_python_stays_as_the_formatter_wants_it(name: str, on: tuple[str, ...]) -> None:
    code = apply_tags(SOURCES[name], on, ("api",), "app/example.py")
    assert code is not None
    formatter = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100", "-"]
    done = subprocess.run(formatter, input=code, capture_output=True, text=True, check=True)
    assert done.stdout == code


def test_other_files_keep_one_gap() -> None:
    text = "a:\n\tx\n\n# feature: api\n\nb:\n\ty\n\n# endfeature\n\nc:\n\tz\n"
    assert apply_tags(text, (), ("api",), "Makefile") == "a:\n\tx\n\nc:\n\tz\n"


def test_a_file_without_tags_is_not_touched() -> None:
    text = "a\n\n\n\n\nb\n\n\n"
    assert apply_tags(text, (), ("api",), "app/example.py") == text
