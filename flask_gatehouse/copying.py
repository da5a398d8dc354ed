"""Which files of the template's folder can reach a project at all."""

import fnmatch
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError

# By name, because the folder of a person who works on the template also holds .env, .venv,
# databases and notes of their own. A tracked name in neither list fails a test.
COPIED = (
    ".editorconfig",
    ".env.example",
    ".gitattributes",
    ".github",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".vscode",
    "Makefile",
    "app",
    "constraints.txt",
    "deploy",
    "devserver.py",
    "docs",
    "migrations",
    "pyproject.toml",
    "templates",
    "tests",
    "wsgi.py",
)
TEMPLATE_ONLY = (
    ".ci",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "bench",
    "cookiecutter.json",
    "flask_gatehouse",
    "hooks",
    "{{cookiecutter.project_slug}}",
)
TEMPLATE_FOLDERS = ("tests/faults", "tests/peers", "tests/template")
# What tools and people leave behind inside the copied folders.
JUNK = (
    "*.db",
    "*.db-*",
    "*.egg-info",
    "*.orig",
    "*.pyc",
    "*.rej",
    "*.sqlite3",
    "*.sw?",
    "*~",
    ".*_cache",
    ".DS_Store",
    ".coverage*",
    ".env",
    ".env.local",
    ".hypothesis",
    ".venv",
    "__pycache__",
    "_build",
    "htmlcov",
    "instance",
    "node_modules",
)


def files(root: Path) -> Iterator[PurePosixPath]:
    """Yield the files a project may be made of, in a fixed order.

    Raises:
        GeneratorError: one of them is a link, which would not survive a zip or another system.
    """
    for name in COPIED:
        yield from _below(root, PurePosixPath(name))


def is_junk(name: str) -> bool:
    """Tell whether a file or folder of this name never travels."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in JUNK)


def _below(root: Path, path: PurePosixPath) -> Iterator[PurePosixPath]:
    here = root / path
    if is_junk(path.name) or str(path) in TEMPLATE_FOLDERS:
        return
    if here.is_symlink():
        raise GeneratorError(f"{path} is a link; a template holds plain files.")
    if here.is_dir():
        for name in sorted(child.name for child in here.iterdir()):
            yield from _below(root, path / name)
    elif here.is_file():
        yield path
