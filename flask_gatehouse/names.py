"""The project's own names: written into data files alone, each quoted as its format wants it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from flask_gatehouse import GeneratorError
from flask_gatehouse.answers import Answers
from flask_gatehouse.features import Declaration

FEATURE_LIST = "<!-- features -->"
INBOX = "<!-- inbox -->\n\n"
SPDX = {"proprietary": "LicenseRef-Proprietary"}
# What every reader of .env files, a shell included, takes as it stands.
PLAIN = re.compile(r"[A-Za-z0-9_.@%+-]+")


def toml(text: str) -> str:
    """Quote a text for TOML, with letters of all scripts as they are."""
    return json.dumps(text, ensure_ascii=False)


def dotenv(text: str) -> str:
    """Quote a text for .env, if it needs quotes."""
    if PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _author(answers: Answers) -> str:
    return f"[{{ name = {toml(answers.author)}, email = {toml(answers.email)} }}]"


def _licence(answers: Answers) -> str:
    return toml(SPDX.get(answers.licence, answers.licence))


Written = Callable[[Answers], str]
# Each line is found by its beginning, exactly once, or generation fails.
LINES: dict[str, dict[str, Written]] = {
    "pyproject.toml": {
        'name = "gatehouse"': lambda answers: f"name = {toml(answers.project_slug)}",
        'version = "': lambda _: 'version = "0.1.0"',
        'description = "': lambda answers: f"description = {toml(answers.description)}",
        "authors = [": lambda answers: f"authors = {_author(answers)}",
        'license = "': lambda answers: f"license = {_licence(answers)}",
    },
    ".env.example": {
        "SITE_NAME=": lambda answers: f"SITE_NAME={dotenv(answers.project_name)}",
        "MAIL_FROM=": lambda answers: f"MAIL_FROM={dotenv(answers.email)}",
    },
}


def with_names(path: str, text: str, answers: Answers) -> str:
    """Return a file of the template with the project's names in place of the template's.

    Raises:
        GeneratorError: a line that must carry a name is not there, or there twice.
    """
    for beginning, written in LINES.get(path, {}).items():
        line = re.compile(rf"^{re.escape(beginning)}.*$", re.MULTILINE)
        if len(line.findall(text)) != 1:
            raise GeneratorError(f"{path} must hold one line that begins with {beginning!r}.")
        new = written(answers)
        text = line.sub(lambda _, new=new: new, text)  # type: ignore[misc]
    return text


def licence_text(answers: Answers) -> str:
    """Return the project's LICENSE."""
    data = Path(__file__).parent / "licences" / f"{answers.licence}.txt"
    return data.read_text("utf-8").replace("@HOLDER@", answers.author)


def with_feature_list(readme: str, features: tuple[Declaration, ...]) -> str:
    """Return the project's README with a line for each feature it has."""
    for place in (FEATURE_LIST, INBOX):
        if place not in readme:
            raise GeneratorError(f"The project's README.md has no line {place.strip()}.")
    listed = "\n".join(
        f"- **{feature.title}** (`{feature.name}`): {feature.summary}" for feature in features
    )
    has_mail = any(feature.name == "accounts" for feature in features)
    inbox = "In development every mail lands in <http://localhost:8000/dev/mailbox>.\n\n"
    return readme.replace(FEATURE_LIST, listed, 1).replace(INBOX, inbox if has_mail else "", 1)
