"""The answers to the questions of cookiecutter.json, and what is refused in them."""

import keyword
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from flask_gatehouse import GeneratorError
from flask_gatehouse.features import Catalogue

LICENCES = ("MIT", "BSD-3-Clause", "proprietary")
LONGEST = 200
LONGEST_SLUG = 64
SLUG = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
BRACES = re.compile(r"\{[{%#]")
# Cc: line breaks and escape codes. Cs: half a character. Zl, Zp: line breaks of another kind.
CONTROL_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
# Names of devices: no folder can be called so on Windows, and a project travels.
DEVICES = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")
# What `make setup` installs with; a project of this name would take its place.
INSTALLERS = {"pip", "setuptools", "uv"}
# Text that runs backwards on the screen can hide what a line of code does (CVE-2021-42574).
REVERSING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Answers:
    """What the person who generates a project has said."""

    project_name: str
    project_slug: str
    description: str
    author: str
    email: str
    licence: str
    features: str

    @classmethod
    def read(cls, context: Mapping[str, object], root: Path) -> "Answers":
        """Take the answers out of cookiecutter's context.

        Raises:
            GeneratorError: an answer is missing or cannot be used.
        """
        answers = {}
        for name in QUESTIONS:
            if name not in context:
                raise GeneratorError(f"The answer to {name} is missing.")
            answers[name] = str(context[name]).strip()
            if sentence := refusal(name, answers[name], root):
                raise GeneratorError(sentence)
        return cls(**answers)


QUESTIONS = tuple(field.name for field in fields(Answers))


def refusal(name: str, value: str, root: Path | None) -> str | None:
    """Say in one sentence why an answer cannot be used, or return None.

    Args:
        name: the question in cookiecutter.json.
        value: the answer.
        root: the template, for what only it knows; without it those rules are left to the hook.
    """
    if fault := _text_fault(value):
        return f"{name} {value!r}: {fault}."
    rule = RULES.get(name)
    fault = rule(value.strip(), root) if rule else None
    return f"{name} {value!r}: {fault}" if fault else None


def _text_fault(value: str) -> str | None:
    if not value.strip():
        return "write something"
    if len(value) > LONGEST:
        return f"write at most {LONGEST} characters"
    if BRACES.search(value):
        return "write it without {{, {% and {#"
    if any(unicodedata.category(char) in CONTROL_CATEGORIES for char in value):
        return "write it on one line, without control characters"
    if REVERSING & set(value):
        return "write it without characters that reverse the direction of text"
    return None


def _slug_fault(slug: str, root: Path | None) -> str | None:
    if not SLUG.fullmatch(slug):
        return (
            "use a-z, 0-9 and single dashes or underscores, starting with a letter "
            "(say project_slug=... if it was made from the name)."
        )
    if len(slug) > LONGEST_SLUG:
        return f"use at most {LONGEST_SLUG} characters."
    if keyword.iskeyword(slug):
        return "this is a word of the Python language; take another."
    if DEVICES.fullmatch(slug):
        return "Windows has no folder of this name; take another."
    if root is not None and _comparable(slug) in _required_packages(root):
        # Installing the project would satisfy the requirement with the project itself.
        return "a package of this name is needed by the project itself; take another."
    return None


def _email_fault(email: str, _root: Path | None) -> str | None:
    return None if EMAIL.fullmatch(email) else "write an address such as hello@example.com."


def _licence_fault(licence: str, _root: Path | None) -> str | None:
    return None if licence in LICENCES else f"choose one of {', '.join(LICENCES)}."


def _features_fault(features: str, root: Path | None) -> str | None:
    if root is None:
        return None
    try:
        Catalogue.read(root).resolve(features)
    except GeneratorError as error:
        return str(error)
    return None


def _comparable(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _required_packages(root: Path) -> set[str]:
    # The pins, because what a requirement needs itself is as bad a name.
    lines = (root / "constraints.txt").read_text("utf-8").splitlines()
    return {_comparable(line.partition("==")[0]) for line in lines} | INSTALLERS


RULES = {
    "project_slug": _slug_fault,
    "email": _email_fault,
    "licence": _licence_fault,
    "features": _features_fault,
}
