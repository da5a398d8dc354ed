"""What cookiecutter.json and the hooks may call while cookiecutter renders them.

Frozen: `cruft update` runs two commits of the template in one process and imports this module once,
so the older commit's code serves both. New things go into new modules.
"""

import os
import re
import sys
from pathlib import Path

from cookiecutter.exceptions import FailedHookException  # type: ignore[import-untyped]
from jinja2 import Environment
from jinja2.ext import Extension

from flask_gatehouse.answers import refusal

# An answer passed on the command line is rendered like the template's own lines, before any check
# can see it. The template's own expressions all begin with one of these names.
FOREIGN_BRACES = re.compile(r"\{[{%#](?!\s*(?:cookiecutter|check|template_root)\b)")


class TemplateRoot(Extension):
    """Gives templates `template_root()` and `check(name, value)`."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        # Hooks are rendered with the template as the working directory, by cookiecutter and cruft,
        # for every form of delivery; `_repo_dir` is relative at times and absent under cruft.
        environment.globals["template_root"] = os.getcwd
        environment.globals["check"] = check

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Refuse an answer that would be run as a template; files come with their name."""
        if name is None and FOREIGN_BRACES.search(source):
            raise FailedHookException(
                "\nAn answer holds {{, {% or {#; write it without.\nNothing was written."
            )
        return super().preprocess(source, name, filename)


def check(name: str, value: str) -> str:
    """Stop cookiecutter with one sentence if an answer cannot be used; return nothing to show."""
    if sentence := refusal(name, str(value), _root_on_import_path()):
        # Of all exceptions this one is shown by cookiecutter without a traceback.
        raise FailedHookException(f"\n{sentence}\nNothing was written.")
    return ""


def _root_on_import_path() -> Path | None:
    """Find the template while questions are asked: both tools append it to the import path."""
    for entry in reversed(sys.path):
        if Path(entry, "cookiecutter.json").is_file() and Path(entry, "flask_gatehouse").is_dir():
            return Path(entry)
    return None
