"""The features of the living application, read as text, and what an answer chooses of them."""

import ast
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError

LIST = PurePosixPath("app/features.py")
# A feature owns what carries its name in these folders.
PLACES = ("app", "app/static", "templates", "tests", "docs/tutorial")


@dataclass(frozen=True)
class Declaration:
    """The literals of a feature's declaration."""

    name: str
    needs: tuple[str, ...] = ()
    offered: str = "always"
    title: str = ""
    summary: str = ""


@dataclass(frozen=True)
class Choice:
    """The features of one project.

    Args:
        names: in the order of FEATURES.
        brought: features nobody asked for, each with the one that needs it.
    """

    names: tuple[str, ...]
    brought: tuple[tuple[str, str], ...] = ()

    def said(self) -> str:
        """Return one line about what was brought along, or nothing."""
        if not self.brought:
            return ""
        reasons = (f"{name} ({needing} needs it)" for name, needing in self.brought)
        return f"Brought along: {', '.join(reasons)}."


@dataclass(frozen=True)
class Catalogue:
    """All features the template has, in order."""

    declarations: tuple[Declaration, ...]

    @classmethod
    def read(cls, root: Path) -> "Catalogue":
        """Read FEATURES and every declaration without importing the application."""
        declared: dict[str, Declaration] = {}
        for name in listed(_source(root / LIST)):
            found = declaration(root, name)
            if missing := [need for need in found.needs if need not in declared]:
                raise GeneratorError(
                    f"{name} needs {', '.join(missing)} before it in app/features.py."
                )
            declared[name] = found
        return cls(tuple(declared.values()))

    @property
    def names(self) -> tuple[str, ...]:
        """Every feature, in order."""
        return tuple(feature.name for feature in self.declarations)

    def resolve(self, answer: str) -> Choice:
        """Turn the answer to the question for features into the features of the project.

        Args:
            answer: recommended, everything, minimal, a list by commas, or "up to <feature>".

        Raises:
            GeneratorError: a word of the answer is unknown.
        """
        words = " ".join(answer.lower().split())
        if words.startswith("up to "):
            last = self._known(words.removeprefix("up to "))
            return Choice(self.names[: self.names.index(last) + 1])
        asked = {feature for word in words.split(",") for feature in self._meant_by(word.strip())}
        chosen, brought = self._with_needs(asked)
        ordered = tuple(name for name in self.names if name in chosen)
        return Choice(ordered, tuple((n, brought[n]) for n in ordered if n in brought))

    def joined(self, present: tuple[str, ...], feature: str) -> Choice:
        """Return the features of a project that takes in one more, and what that one needs.

        Raises:
            GeneratorError: there is no such feature, or the project has it.
        """
        if self._known(feature) in present:
            raise GeneratorError(f"{feature} is in this project already.")
        chosen, brought = self._with_needs({feature})
        ordered = tuple(name for name in self.names if name in {*chosen, *present})
        missing = (name for name in ordered if name in brought and name not in present)
        return Choice(ordered, tuple((name, brought[name]) for name in missing))

    def completed(self, present: tuple[str, ...], *, whole: bool) -> Choice:
        """Return the features of a project with what these need, and maybe what every project gets.

        Args:
            present: the features it has.
            whole: whether it is to have what every project gets; a chapter of the tutorial is not.
        """
        asked = {*present, *(self._offered("always") if whole else ())}
        chosen, brought = self._with_needs(asked)
        reasons = {**dict.fromkeys(asked, "every project"), **brought}
        ordered = tuple(name for name in self.names if name in chosen)
        missing = (name for name in ordered if name not in present)
        return Choice(ordered, tuple((name, reasons[name]) for name in missing))

    def answer(self, names: tuple[str, ...]) -> str:
        """Return the answer that chooses these features."""
        listed = ",".join(names)
        if self.resolve(listed).names != names:
            # A list brings along what every project gets; a chapter before it does not.
            chapter = f"up to {names[-1]}"
            return chapter if self.resolve(chapter).names == names else listed
        return listed

    def _meant_by(self, word: str) -> set[str]:
        always = self._offered("always")
        if word == "everything":
            return set(self.names)
        if word == "recommended":
            return always | self._offered("recommended")
        if word == "minimal":
            return always
        return always | {self._known(word)}

    def _offered(self, offered: str) -> set[str]:
        return {feature.name for feature in self.declarations if feature.offered == offered}

    def _known(self, word: str) -> str:
        if word in self.names:
            return word
        near = difflib.get_close_matches(word, self.names, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(self.names)}."
        raise GeneratorError(f"There is no feature {word!r}; {hint}")

    def _with_needs(self, asked: set[str]) -> tuple[set[str], dict[str, str]]:
        chosen, brought = set(asked), {}
        for feature in reversed(self.declarations):  # needs come before, so one pass finds all
            if feature.name in chosen:
                for need in feature.needs:
                    if need not in chosen:
                        chosen.add(need)
                        brought[need] = feature.name
        return chosen, brought


def features_of(path: PurePosixPath, names: Iterable[str]) -> tuple[str, ...]:
    """Return the features that a file belongs to: it exists only where all of them do.

    Its folder names the first. Each further one is named by the file, or by a folder inside that
    folder: ``app/notes/api.py`` and ``tests/notes/test_api.py`` are bridges from notes to the API.

    Args:
        path: below the root of the project.
        names: of all features there are.
    """
    known = tuple(names)
    for name in known:
        for place in PLACES:
            home = PurePosixPath(place, name)
            if path.with_suffix("") == home:
                return (name,)
            if home in path.parents:
                inside = path.relative_to(home).parts
                words = "".join(f"_{part.partition('.')[0]}_" for part in inside)
                named = (other for other in known if f"_{other}_" in words and other != name)
                return (name, *named)
    return ()


def listed(source: str) -> tuple[str, ...]:
    """Return the names in FEATURES."""
    return tuple(name for name, _ in _entries(source))


def without(source: str, off: Iterable[str]) -> str:
    """Return app/features.py without the lines of some features, their comments above included."""
    lines, left_out = source.split("\n"), set(off)
    for name, number in reversed(_entries(source)):
        if name in left_out:
            first = number - 1
            while lines[first - 1].lstrip().startswith("#"):
                first -= 1
            del lines[first:number]
    return "\n".join(lines)


def declaration(root: Path, name: str) -> Declaration:
    """Read the declaration of one feature by its syntax tree.

    Raises:
        GeneratorError: it is missing, or what the generator needs of it is not written out.
    """
    where = f"app/{name}/__init__.py"
    call = _assigned(_source(root / where), "feature", where)
    if not isinstance(call, ast.Call) or not call.args:
        raise GeneratorError(f'{where} does not say feature = Feature("{name}", ...).')
    read = {"name": call.args[0]}
    wanted = Declaration.__dataclass_fields__
    read |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in wanted}
    try:
        found = Declaration(**{part: ast.literal_eval(value) for part, value in read.items()})
    except ValueError:
        raise GeneratorError(f"{where}: {', '.join(wanted)} must be written out.") from None
    if found.name != name:
        raise GeneratorError(f"{where} declares itself as {found.name}.")
    return found


def _entries(source: str) -> list[tuple[str, int]]:
    """Return the names in FEATURES with the number of their line."""
    value = _assigned(source, "FEATURES", str(LIST))
    if not isinstance(value, ast.Tuple):
        raise GeneratorError(f"{LIST} does not hold FEATURES as a tuple.")
    return [(str(ast.literal_eval(element)), element.lineno) for element in value.elts]


def _assigned(source: str, name: str, where: str) -> ast.expr:
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign):
            targets: list[ast.expr] = [node.target]
        elif isinstance(node, ast.Assign):
            targets = node.targets
        else:
            continue
        if node.value and any(isinstance(t, ast.Name) and t.id == name for t in targets):
            return node.value
    raise GeneratorError(f"{where} does not hold {name}.")


def _source(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise GeneratorError(f"The template has no {path.parent.name}/{path.name}.") from None
