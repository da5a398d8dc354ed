"""Answers that cannot be used: refused at once, in one sentence, with nothing written."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from flask_gatehouse.answers import refusal

BAD = [
    ("project_slug", "my slug"),
    ("project_slug", "../evil"),
    ("project_slug", "/tmp/evil"),  # noqa: S108 - refused, never opened
    ("project_slug", "a/b"),
    ("project_slug", "."),
    ("project_slug", "3d_shop"),
    ("project_slug", "Shop"),
    ("project_slug", "shop-"),
    ("project_slug", "shöp"),
    ("project_slug", "class"),
    ("project_slug", "flask"),
    ("project_slug", "flask_login"),
    ("project_slug", "arrow"),
    ("project_slug", "setuptools"),
    ("project_slug", "nul"),
    ("project_slug", "com1"),
    ("project_slug", "-shop"),
    ("project_slug", "shop\n"),
    ("project_slug", "C:shop"),
    ("project_slug", "~"),
    ("project_slug", "a" * 65),
    ("project_name", " "),
    ("project_name", "x" * 201),
    ("project_name", "a\nb"),
    ("project_name", "a\x1b[31mb"),
    ("project_name", "a\u2028b"),
    ("project_name", "a\u202eb"),
    ("description", "a {% b"),
    ("description", "a {{7*7}} b"),
    ("author", "a {# b"),
    ("email", "not an address"),
    ("email", "a@b"),
    ("email", "<a@example.com>"),
    ("licence", "GPL"),
    ("features", "notess"),
    ("features", "up to the moon"),
]


@pytest.mark.parametrize(("question", "answer"), BAD)
def test_a_bad_answer_is_refused(template: Path, question: str, answer: str) -> None:
    sentence = refusal(question, answer, template)
    assert sentence is not None
    assert sentence.startswith(f"{question} {answer!r}: ")
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("project_slug", "shop"),
        ("project_slug", "my-shop_2"),
        ("project_slug", "match"),  # a word of Python only where it is meant as one
        ("project_slug", "console"),
        ("project_name", 'O\'Neil "x" Ünï 👩‍👩‍👧 100% #1'),
        ("description", "a { b } 'c' \\ <d>"),
        ("email", "first.last+tag@mail.example.com"),
        ("licence", "proprietary"),
        ("features", "up to login"),
    ],
)
def test_an_unusual_answer_is_taken(template: Path, question: str, answer: str) -> None:
    assert refusal(question, answer, template) is None


# cookiecutter's own command line: the same rules, reached through cookiecutter.json and hooks.
@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("project_slug", "my slug"),
        ("project_slug", "../evil"),
        ("project_slug", "class"),
        ("project_name", "a\x07b"),
        ("description", "a {{7*7}} b"),
        ("description", "a {% b"),
        ("email", "nobody"),
        ("licence", "GPL"),
        ("features", "notess"),
    ],
)
def test_cookiecutter_stops_with_one_sentence_and_writes_nothing(
    template: Path,
    tmp_path: Path,
    cookiecutter: Callable[..., CompletedProcess[str]],
    question: str,
    answer: str,
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = cookiecutter(template, out, f"{question}={answer}")
    assert done.returncode == 1
    said = (done.stdout + done.stderr).strip()
    assert said.endswith("Nothing was written.")
    assert said.count("\n") == 1, said
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["out"]
