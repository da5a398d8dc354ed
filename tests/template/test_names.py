"""Names in data files: whatever a project is called, every format reads it back."""

import io
import tomllib
from pathlib import Path

import pytest
from dotenv import dotenv_values

from flask_gatehouse import GeneratorError
from flask_gatehouse.answers import Answers
from flask_gatehouse.names import dotenv, licence_text, toml, with_names

ODD = [
    'O\'Neil "x"',
    "Ünïcödé 😀 日本",
    "100% #1 # feature: login",
    "back\\slash \\n \\' \\",
    "a = b; $HOME `id` $(id)",
    "'''triple''' \"\"\"quotes\"\"\"",
    "family 👩‍👩‍👧",
    "<b> & {x} [y]",
    "export SITE_NAME=no",
]


def answers(**changed: str) -> Answers:
    values = {
        "project_name": "Example",
        "project_slug": "example",
        "description": "An example.",
        "author": "Ada",
        "email": "ada@example.com",
        "licence": "MIT",
        "features": "minimal",
    }
    return Answers(**{**values, **changed})


@pytest.mark.parametrize("name", ODD)
def test_a_name_survives_toml_and_dotenv(name: str) -> None:
    assert tomllib.loads(f"name = {toml(name)}")["name"] == name
    read = dotenv_values(stream=io.StringIO(f"SITE_NAME={dotenv(name)}\nNEXT=1\n"))
    assert read == {"SITE_NAME": name, "NEXT": "1"}


@pytest.mark.parametrize("name", ODD)
def test_the_real_data_files_carry_the_names(template: Path, name: str) -> None:
    told = answers(project_name=name, description=name, author=name)
    text = with_names("pyproject.toml", (template / "pyproject.toml").read_text("utf-8"), told)
    project = tomllib.loads(text)["project"]
    assert project["name"] == "example"
    assert project["description"] == name
    assert project["authors"] == [{"name": name, "email": "ada@example.com"}]
    text = with_names(".env.example", (template / ".env.example").read_text("utf-8"), told)
    read = dotenv_values(stream=io.StringIO(text))
    assert (read["SITE_NAME"], read["MAIL_FROM"]) == (name, "ada@example.com")


@pytest.mark.parametrize(
    ("licence", "identifier", "words"),
    [
        ("MIT", "MIT", "Permission is hereby granted"),
        ("BSD-3-Clause", "BSD-3-Clause", "Neither the name of the copyright holder"),
        ("proprietary", "LicenseRef-Proprietary", "All rights reserved."),
    ],
)
def test_each_licence_names_its_holder(
    template: Path, licence: str, identifier: str, words: str
) -> None:
    told = answers(licence=licence, author="Jürgen @HOLDER@")
    assert "Copyright (c) Jürgen @HOLDER@\n" in licence_text(told)
    assert words in licence_text(told)
    text = with_names("pyproject.toml", (template / "pyproject.toml").read_text("utf-8"), told)
    assert tomllib.loads(text)["project"]["license"] == identifier


@pytest.mark.parametrize("text", ["", "SITE_NAME=a\nSITE_NAME=b\nMAIL_FROM=c\n"])
def test_a_place_for_a_name_that_is_missing_or_double_stops_generation(text: str) -> None:
    with pytest.raises(GeneratorError, match=r"^\.env\.example must hold one line"):
        with_names(".env.example", text, answers())


def test_files_that_are_code_are_never_touched() -> None:
    text = 'name = "gatehouse"\nSITE_NAME=Gatehouse\n'
    assert with_names("app/config.py", text, answers()) == text
