"""The bake ring: every shape of project that the features allow, and how each is checked."""

import ast
import hashlib
import random
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

from flask_gatehouse.features import Catalogue

Run = Callable[..., CompletedProcess[str]]
MIGRATE = Path(__file__).parent / "migrate.py"
NAMED = ("minimal", "recommended", "everything")
SEEDED = 50  # shapes that a seed draws


def shapes(catalogue: Catalogue) -> dict[str, str]:
    """Return the answer that chooses each shape by the shape's name, each result once."""
    named = {name: catalogue.resolve(name).names for name in NAMED}
    named |= {f"up to {one}": catalogue.resolve(f"up to {one}").names for one in catalogue.names}
    named |= {f"only {one}": catalogue.resolve(one).names for one in catalogue.names}
    named |= {f"without {one}": without(catalogue, one) for one in can_be_left_out(catalogue)}
    once: dict[tuple[str, ...], str] = {}
    for name, result in named.items():
        once.setdefault(result, name)
    return {name: catalogue.answer(result) for result, name in once.items()}


def seeded(catalogue: Catalogue, seed: str, number: int = SEEDED) -> dict[str, str]:
    """Return the answers that choose as many shapes as a seed draws, each result once.

    Args:
        catalogue: the features there are.
        seed: any word; the same one draws the same again.
        number: how many; fewer come if there are no more.
    """
    lot = random.Random(seed)  # noqa: S311 - a lot that can be drawn again is what is wanted
    names = can_be_left_out(catalogue)
    once: dict[tuple[str, ...], None] = {}
    for _ in range(20 * number):
        if len(once) < number:
            chosen = lot.sample(names, lot.randint(0, len(names)))
            once.setdefault(catalogue.resolve(",".join(["minimal", *chosen])).names)
    return {f"seed {seed}, {place}": catalogue.answer(one) for place, one in enumerate(once, 1)}


def can_be_left_out(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the features that a project may do without."""
    return tuple(one.name for one in catalogue.declarations if one.offered != "always")


def without(catalogue: Catalogue, left_out: str) -> tuple[str, ...]:
    """Return all features but one and those that need it."""
    kept: list[str] = []
    for one in catalogue.declarations:
        if one.name != left_out and set(one.needs) <= set(kept):
            kept.append(one.name)
    return tuple(kept)


def without_tags(path: Path) -> str | bytes:
    """Return what a file says when its tags are cut out, however it is laid out.

    What no project gets, the lines of the template, goes with its tags.
    """
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return path.read_bytes()
    text = re.sub(r"(?ms)^ *# feature: template$.*?# endfeature\n", "", text)
    text = re.sub(r"(?m)^.*# feature: template\n", "", text)
    tag = (
        r"(?:# |<!-- |\{# |/\* )(?:(?:file of )?feature: [\w |,]*\w|endfeature)(?: -->| #\}| \*/)?"
    )
    text = re.sub(tag, "", text)
    if path.suffix == ".py":
        text = ast.dump(ast.parse(text)).replace("\\n", " ")
    return " ".join(text.split())


def minimal_and_drawn(names: list[str], commit: str) -> list[str]:
    """Return the selection with the least, and one that a commit draws.

    Neither the recommended one nor everything is drawn. The one with everything is the template
    itself, and the recommended one is so near to it that any other shows more in the same time.
    """

    def lot(name: str) -> str:
        return hashlib.sha256(f"{commit} {name}".encode()).hexdigest()

    return ["minimal", min((name for name in names if name not in NAMED), key=lot)]


class Project:
    """A generated project under test, and the commands that are run in it."""

    def __init__(self, folder: Path, run: Run) -> None:
        self.folder = folder
        self.run = run

    def passes(self, *arguments: str) -> None:
        """Run Python in the project with the template's packages; a failure fails the test."""
        # Bytecode lies beside its source: the packages have theirs there already, and what the
        # project before had in this folder is good for each file that is the same.
        surroundings = {"PYTHONPATH": str(self.folder), "PYTHONPYCACHEPREFIX": ""}
        done = self.run([sys.executable, *arguments], self.folder, surroundings)
        assert done.returncode == 0, f"{' '.join(arguments)}:\n{done.stdout}{done.stderr}"

    def check_quickly(self) -> None:
        """Compile, lint, look for wrong arrows, migrate."""
        self.passes("-m", "compileall", "-q", "app", "tests", "wsgi.py")
        self.passes("-m", "ruff", "check", ".")
        self.passes("-m", "ruff", "format", "--check", ".")
        has_tables = any((self.folder / "app").glob("*/models.py"))
        assert (self.folder / "migrations").exists() == has_tables
        checks = ["tests/house/test_rules.py"]
        if has_tables:
            shutil.copy(MIGRATE, self.folder / "tests")
            checks.append(f"tests/{MIGRATE.name}")
        self.passes("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *checks)
