"""Where a project came from: .cruft.json, in the form cruft itself writes."""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from flask_gatehouse import GeneratorError, git
from flask_gatehouse.answers import QUESTIONS

FILE = ".cruft.json"
# `git archive`, and with it every hosting site, writes the commit into this file (export-subst in
# .gitattributes): an unpacked zip has no other way to know it.
ARCHIVED_COMMIT = Path(__file__).parent / "commit.txt"
COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def record(root: Path, context: Mapping[str, object]) -> str | None:
    """Return the content of .cruft.json, or None under cruft, which writes its own.

    No path of the machine is recorded but the template's own, and that only if it has no address.
    """
    if "_commit" in context:
        return None
    template, commit, directory = _zip(context) or _repository(root) or _folder(root)
    answers = {name: context[name] for name in QUESTIONS}
    state = {
        "template": template,
        "commit": commit,
        "checkout": context.get("_checkout"),
        "context": {"cookiecutter": {**answers, "_template": template, "_commit": commit}},
        "directory": directory,
    }
    return _written(state)


def read(project: Path) -> dict[str, Any]:
    """Return the record of a project.

    Raises:
        GeneratorError: there is none, or it does not hold the answers.
    """
    try:
        state = json.loads((project / FILE).read_text("utf-8"))
        dict.items(state["context"]["cookiecutter"])
    except FileNotFoundError:
        raise GeneratorError(f"This is no generated project: it has no {FILE}.") from None
    except (OSError, ValueError, LookupError, TypeError):
        raise GeneratorError(f"{FILE} cannot be read; take it back from an older commit.") from None
    return dict(state)


def with_features(state: dict[str, Any], answer: str) -> str:
    """Return the content of .cruft.json with another answer to the question for features."""
    context = state["context"]
    answers = {**context["cookiecutter"], "features": answer}
    return _written({**state, "context": {**context, "cookiecutter": answers}})


def renewed(state: dict[str, Any], commit: str | None, answers: Mapping[str, object]) -> str:
    """Return the content of .cruft.json of a project that follows a newer commit from now on."""
    context = state["context"]
    told = {**answers, "_template": context["cookiecutter"].get("_template"), "_commit": commit}
    return _written({**state, "commit": commit, "context": {**context, "cookiecutter": told}})


def _written(state: dict[str, Any]) -> str:
    return json.dumps(state, ensure_ascii=False, indent=2) + "\n"


def commit_of(root: Path) -> str | None:
    """Return the commit that a template's folder holds, if git or an archive's maker says it."""
    return (_repository(root) or _folder(root))[1]


Origin = tuple[str, str | None, str | None]


def _zip(context: Mapping[str, object]) -> Origin | None:
    """Return the zip itself, because the folder it was unpacked in is gone in a moment."""
    given = str(context.get("_template", ""))
    if not given.lower().endswith(".zip"):
        return None
    address = without_credentials(given)
    # Cookiecutter does not say in which folder it was called, but the shell does.
    for folder in filter(None, (os.environ.get("PWD"), context.get("_output_dir"))):
        if Path(str(folder), given).is_file():
            address = os.path.normpath(Path(str(folder), given))
            break
    return address, _archived_commit(), None


def _repository(root: Path) -> Origin | None:
    """Return what git knows, if the template is in git and does not merely lie in a repository."""
    if git.ask(root, "ls-files", "--error-unmatch", "cookiecutter.json") is None:
        return None
    directory = (git.ask(root, "rev-parse", "--show-prefix") or "").rstrip("/")
    top = root.parents[directory.count("/")] if directory else root
    commit = git.ask(root, "rev-parse", "--verify", "--quiet", "HEAD")
    origin = git.ask(root, "remote", "get-url", "origin")
    if origin and (top / origin).exists():
        template = os.path.normpath(top / origin)
    else:
        template = without_credentials(origin) if origin else str(top)
    return template, commit, directory or None


def _folder(root: Path) -> Origin:
    return str(root), _archived_commit(), None


def _archived_commit() -> str | None:
    commit = ARCHIVED_COMMIT.read_text("utf-8").strip()
    return commit if COMMIT.fullmatch(commit) else None


def without_credentials(address: str) -> str:
    """Return an address without a password or token that stands in it."""
    parts = urlsplit(address)
    if not parts.netloc:
        return address
    user, _, host = parts.netloc.rpartition("@")
    # Over ssh the user's name belongs to the address; over http it is a credential itself.
    name = "" if parts.scheme in ("http", "https") else user.partition(":")[0]
    return urlunsplit(parts._replace(netloc=f"{name}@{host}" if name else host))
