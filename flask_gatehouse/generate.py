"""Write a project: what the two hooks of cookiecutter call, in the project's folder."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from flask_gatehouse import GeneratorError, copying, features, migrations, names, record, tags
from flask_gatehouse.answers import Answers

MARKER = "GENERATION-NOT-FINISHED.txt"
# A hook cannot see cookiecutter's flags. With `-f` the marker below is rendered anew over this
# word, with `-f -s` it is left alone: so the word survives only if existing files must stay.
KEEP = "KEEP\n"
QUIET = "GATEHOUSE_NEW"
README = PurePosixPath("README.md")
README_SOURCE = PurePosixPath("{{cookiecutter.project_slug}}", "README.md")
Context = Mapping[str, object]


@dataclass(frozen=True)
class File:
    """A file of a project."""

    content: bytes
    executable: bool = False


@dataclass(frozen=True)
class Project:
    """A project before it is written."""

    choice: features.Choice
    files: dict[PurePosixPath, File]


def pre_gen(root: str, context: Context) -> int:
    """Refuse bad answers, and remember whether the folder held something already."""
    return _spoken(lambda: _prepare(Path(root), context))


def post_gen(root: str, context: Context) -> int:
    """Write the application into the folder that cookiecutter has begun."""
    return _spoken(lambda: _finish(Path(root), context))


def render(root: Path, answers: Answers, choice: features.Choice | None = None) -> Project:
    """Make all files a project gets from the template's folder; nothing is written.

    Args:
        root: the template.
        answers: what the project is called, and which features were asked for.
        choice: the features themselves, where they are known better than by the answer.

    Raises:
        GeneratorError: an answer or the template itself is at fault.
    """
    catalogue = features.Catalogue.read(root)
    choice = choice or catalogue.resolve(answers.features)
    off = set(catalogue.names) - set(choice.names)
    made: dict[PurePosixPath, File] = {}
    for path in copying.files(root):
        if not off.isdisjoint(features.features_of(path, catalogue.names)):
            continue
        source = root / path
        content = _content(path, source.read_bytes(), answers, (choice.names, catalogue.names))
        if content is not None:
            made[path] = File(content, os.access(source, os.X_OK))
    _relink(made, choice)
    declared = tuple(one for one in catalogue.declarations if one.name in choice.names)
    readme = names.readme((root / README_SOURCE).read_text("utf-8"), answers, declared)
    made[README] = File(readme.encode())
    made[PurePosixPath("LICENSE")] = File(names.licence_text(answers).encode())
    return Project(choice, made)


def _content(
    path: PurePosixPath,
    raw: bytes,
    answers: Answers,
    on_and_known: tuple[tuple[str, ...], tuple[str, ...]],
) -> bytes | None:
    try:
        # A template that was packed under Windows; a project ends its lines as .gitattributes says.
        text = raw.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:  # a picture or a font
        return raw
    on, known = on_and_known
    if path == features.LIST:
        text = features.without(text, set(known) - set(on))
    text = names.with_names(str(path), text, answers)
    tagged = tags.apply_tags(text, on, known, str(path))
    return None if tagged is None else tagged.encode()


def _relink(made: dict[PurePosixPath, File], choice: features.Choice) -> None:
    """Drop the migrations of other features and make one chain of the rest."""
    sources = {
        path: file.content.decode() for path, file in made.items() if migrations.is_one(path)
    }
    downs = migrations.relinked(
        [migrations.read(path, source) for path, source in sources.items()], choice.names
    )
    for path, source in sources.items():
        del made[path]
        if path in downs:
            made[path] = File(migrations.with_down(source, downs[path]).encode())
    if not downs:  # no table, no database: the folder would serve nothing
        for path in [path for path in made if migrations.FOLDER in path.parents]:
            del made[path]


def _prepare(root: Path, context: Context) -> None:
    render(root, Answers.read(context, root))
    here = Path.cwd()
    if any(here.iterdir()):
        (here / MARKER).write_text(KEEP, "utf-8")


def _finish(root: Path, context: Context) -> None:
    here = Path.cwd()
    answers = Answers.read(context, root)
    project = render(root, answers)
    keep = (here / MARKER).exists() and (here / MARKER).read_text("utf-8") == KEEP
    written = dict(project.files)
    if (recorded := record.record(root, context)) is not None:
        written[PurePosixPath(record.FILE)] = File(recorded.encode())
    for path, file in written.items():
        if not (keep and _is_finished(here / path)):
            write(here / path, file)
    (here / MARKER).unlink(missing_ok=True)
    _say(project.choice, answers, context)


def _is_finished(path: Path) -> bool:
    if path.name == README.name and path.exists():  # cookiecutter restores it before the hook
        return names.UNFINISHED not in path.read_text("utf-8")
    return path.exists()


def write(path: Path, file: File) -> None:
    """Write one file, and the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.content)
    if file.executable:
        mode = path.stat().st_mode
        path.chmod(mode | (mode & 0o444) >> 2)  # whoever may read it may run it


def _say(choice: features.Choice, answers: Answers, context: Context) -> None:
    lines = [choice.said()]
    if "_commit" not in context and QUIET not in os.environ:
        lines.append(f"Next: cd {answers.project_slug} && make setup && make run")
    sys.stdout.write("".join(f"{line}\n" for line in lines if line))


def _spoken(step: Callable[[], None]) -> int:
    try:
        step()
    except GeneratorError as error:
        sys.stderr.write(f"\n{error}\n\n")
        return 1
    except KeyboardInterrupt:  # whoever called is told by cookiecutter or by `new`
        return 1
    return 0
