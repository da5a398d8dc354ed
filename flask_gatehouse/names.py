"""The project's own names: written into data files alone, each quoted as its format wants it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from flask_gatehouse import GeneratorError
from flask_gatehouse.answers import Answers
from flask_gatehouse.features import Declaration

# Stands in a README that cookiecutter has copied and the hook has not yet filled in.
UNFINISHED = "<!-- features -->"
INBOX = "In development every mail lands in <http://localhost:8000/dev/mailbox>.\n\n"
SPDX = {"proprietary": "LicenseRef-Proprietary"}
# What every reader of .env files, a shell included, takes as it stands.
PLAIN = re.compile(r"[A-Za-z0-9_.@%+-]+")
# What Markdown reads as markup: anywhere in a line, and at its beginning.
INLINE_MARK = re.compile(r"[\\`*_\[\]<>#~|]|&(?=[#\w]+;)")
BLOCK_MARK = re.compile(r"^(\d*)([-+=.)])")


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


def _dev_group(answers: Answers) -> str:
    return f"dev = [{toml(f'{answers.project_slug}[dev]')}]"


Written = Callable[[Answers], str]
# Each line is found by its beginning, exactly once, or generation fails.
LINES: dict[str, dict[str, Written]] = {
    "pyproject.toml": {
        'name = "gatehouse"': lambda answers: f"name = {toml(answers.project_slug)}",
        'version = "': lambda _: 'version = "0.1.0"',
        'description = "': lambda answers: f"description = {toml(answers.description)}",
        "authors = [": lambda answers: f"authors = {_author(answers)}",
        'license = "': lambda answers: f"license = {_licence(answers)}",
        'dev = ["gatehouse[dev]"]': _dev_group,
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


def readme(text: str, answers: Answers, features: tuple[Declaration, ...]) -> str:
    """Return the project's README: its names, and a line for each feature it has.

    Raises:
        GeneratorError: the template's text has no place for one of them.
    """
    listed = (f"- **{one.title}** (`{one.name}`): {one.summary}" for one in features)
    parts = {
        "<!-- name -->": _markdown(answers.project_name),
        "<!-- description -->": _markdown(answers.description),
        "<!-- inbox -->\n\n": INBOX if any(one.name == "accounts" for one in features) else "",
        UNFINISHED: "\n".join(listed),
        "<!-- licence -->": _holder(answers),
    }
    for place, part in parts.items():
        if place not in text:
            raise GeneratorError(f"The project's README.md has no line {place.strip()}.")
        text = text.replace(place, part, 1)
    return text


def _holder(answers: Answers) -> str:
    author = _markdown(answers.author)
    if answers.licence == "proprietary":
        return f"All rights are held by {author}"
    return f"{answers.licence}, held by {author}"


def _markdown(text: str) -> str:
    """Return a text that Markdown shows as it stands, wherever in a line it is put."""
    return BLOCK_MARK.sub(r"\1\\\2", INLINE_MARK.sub(r"\\\g<0>", text))
