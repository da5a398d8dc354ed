"""Where a project came from: .cruft.json, in the form cruft itself writes."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from flask_gatehouse import git
from flask_gatehouse.answers import QUESTIONS

FILE = ".cruft.json"


def record(root: Path, context: Mapping[str, object]) -> str | None:
    """Return the content of .cruft.json, or None under cruft, which writes its own.

    No path of the machine is recorded but the template's own, and that only if it has no address.
    """
    if "_commit" in context:
        return None
    template = _origin(root) or str(root)
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    answers = {name: context[name] for name in QUESTIONS}
    state = {
        "template": template,
        "commit": commit,
        "checkout": context.get("_checkout"),
        "context": {"cookiecutter": {**answers, "_template": template, "_commit": commit}},
        "directory": None,
    }
    return json.dumps(state, ensure_ascii=False, indent=2) + "\n"


def _origin(root: Path) -> str | None:
    """Return the template's address, without a password or token that stands in it."""
    address = _git(root, "remote", "get-url", "origin")
    if address is None or "://" not in address:
        return address
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return address
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _git(root: Path, *arguments: str) -> str | None:
    """Ask git about the template; None where it is no repository of its own or git is missing."""
    program = shutil.which("git")
    if program is None or not (root / ".git").exists():
        return None
    answer = subprocess.run(  # noqa: S603
        [program, "-C", str(root), *arguments],
        env=git.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None if answer.returncode == 0 else None
