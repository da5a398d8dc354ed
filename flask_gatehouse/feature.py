"""`make feature`: the skeleton of a feature of the owner's own, working from the first second."""

import hashlib
import keyword
import re
import sys
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, features
from flask_gatehouse.carry import Carried, write_all
from flask_gatehouse.features import Catalogue
from flask_gatehouse.generate import File
from flask_gatehouse.project import UNDO, features_in, refuse_unclean, revisions
from flask_gatehouse.tags import apply_tags

SKELETON = Path(__file__).parent / "skeleton"
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
LONGEST = 30  # PostgreSQL cuts the names of constraints after 63 letters
NEEDED = "login"


def feature(root: Path, project: Path, name: str, one: str = "") -> None:
    """Write a feature into a project, in all its trees, and list it.

    Args:
        root: the template, for the names of its features.
        project: the project's folder.
        name: of the feature, as of many: invoices.
        one: of a single one; without it, as an English plural says it.

    Raises:
        GeneratorError: nothing was written.
    """
    refuse_unclean(project)
    known = Catalogue.read(root).names
    present = features_in(project, known)
    one = one or _singular(name)
    _refuse(project, name, one, known)
    if NEEDED not in present:
        raise GeneratorError(
            f"A feature of people needs them to sign in: make add feature={NEEDED}"
        )
    _, head = revisions(project)
    revision = hashlib.sha256(f"{name} after {head}".encode()).hexdigest()[:12]
    carried = Carried()
    for source in sorted(path for path in SKELETON.rglob("*") if path.is_file()):
        place = source.relative_to(SKELETON).as_posix()
        text = apply_tags(source.read_text("utf-8"), present, known, place)
        if text is None:
            continue
        for word, meant in (("REVISION", revision), ("HEAD", str(head)), *_words(name, one)):
            text, place = text.replace(word, meant), place.replace(word, meant)
        path = PurePosixPath(place)
        if {name, *present}.issuperset(features.features_of(path, (*known, name))):
            carried.new[path] = File(text.encode())
    listed = (project / features.LIST).read_text("utf-8")
    closing = listed.rindex("\n)")
    entry = f'\n    "{name}",'
    carried.changed[features.LIST] = File((listed[:closing] + entry + listed[closing:]).encode())
    write_all(project, carried)
    sys.stdout.write(
        f"{name} is in ({carried.counted()}).\n"
        f"Test it:       make test T=tests/{name}\n"
        f"Take it back:  {UNDO} (before you run it)\n"
    )


def _refuse(project: Path, name: str, one: str, known: tuple[str, ...]) -> None:
    for word in (name, one):
        if not NAME.fullmatch(word) or keyword.iskeyword(word) or len(word) > LONGEST:
            raise GeneratorError(
                f"{word!r} cannot be a name: use a-z, 0-9 and single underscores, at most "
                f"{LONGEST} letters and no word of Python."
            )
    if name in known:
        raise GeneratorError(f"{name} is a feature of the template: make add feature={name}")
    for place in (*features.PLACES, "app"):
        for taken in (project / place / name, project / place / f"{name}.py"):
            if taken.exists():
                raise GeneratorError(f"{taken.relative_to(project)} is there already.")
    for module in sorted((project / "app").glob(f"*/{name}.py")):
        raise GeneratorError(
            f"{module.relative_to(project)} has this name, and would become a bridge to the new "
            "feature: choose another name."
        )
    _refuse_what_is_said_elsewhere(project, name, one)


def _refuse_what_is_said_elsewhere(project: Path, name: str, one: str) -> None:
    sources = "".join(path.read_text("utf-8") for path in sorted((project / "app").rglob("*.py")))
    address = name.replace("_", "-")
    if re.search(rf'["\']/{address}(?:["\'/])', sources):
        raise GeneratorError(f"/{address} is an address of this project already.")
    if re.search(rf'__tablename__ = "{one}"', sources):
        raise GeneratorError(f"There is a table {one} already: say one=... as well.")


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _words(name: str, one: str) -> tuple[tuple[str, str], ...]:
    """Return what stands in the skeleton, and what is meant by it; longer words first."""
    many_said, one_said = name.replace("_", " "), one.replace("_", " ")
    return (
        ("example_things", name),
        ("example-things", name.replace("_", "-")),
        ("Example things", many_said.capitalize()),
        ("example things", many_said),
        ("ExampleThing", "".join(part.capitalize() for part in one.split("_"))),
        ("example_thing", one),
        ("example thing", one_said),
    )
