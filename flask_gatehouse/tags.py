"""Tags: comments that say to which feature a line, a block or a whole file belongs.

    csrf.init_app(app)  # feature: accounts          one line
    # feature: api | notes                           a block, for any of these ...
    # endfeature                                     ... up to here
    # file of feature: accounts                      as the first line: the whole file

Tags are dropped from the project. The name `template` marks what no project gets.
"""

import re
from collections.abc import Collection

from flask_gatehouse import GeneratorError
from flask_gatehouse.seams import sewn

TEMPLATE = "template"
OPEN, CLOSE = r"(?:\#|//|--|<!--|\{\#|/\*)", r"(?:-->|\#\}|\*/)?"
NAMES = r"(?P<names>[\w|, ]+?)"
TAG = re.compile(rf"(?P<code>.*?)[ \t]*{OPEN}\s*feature:\s*{NAMES}\s*{CLOSE}[ \t]*")
END = re.compile(rf"\s*{OPEN}\s*endfeature\s*{CLOSE}\s*")
WHOLE_FILE = re.compile(rf"{OPEN}\s*file of feature:\s*{NAMES}\s*{CLOSE}[ \t\r]*\n")


def apply_tags(text: str, on: Collection[str], known: Collection[str], where: str) -> str | None:
    """Return a file as the project gets it, or None if the project does not get it.

    Args:
        text: the file in the template.
        on: the features of the project.
        known: all features there are.
        where: the file's path, for messages.

    Raises:
        GeneratorError: a tag names no feature, or blocks are not balanced.
    """
    if whole := WHOLE_FILE.match(text):
        if not _holds(whole["names"], on, known, where):
            return None
        text = text[whole.end() :]
    return _strip(text, on, known, where)


def whole_file_tag(text: str) -> str:
    """Return the features that a file's first line names, as they stand there, or nothing."""
    found = WHOLE_FILE.match(text)
    return found["names"] if found else ""


def _strip(text: str, on: Collection[str], known: Collection[str], where: str) -> str:
    pieces: list[list[str]] = [[]]
    blocks: list[bool] = []
    for number, line in enumerate(text.split("\n"), 1):
        code = line.rstrip("\r")
        if END.fullmatch(code):
            if not blocks:
                raise GeneratorError(f"{where}:{number}: endfeature closes no block.")
            blocks.pop()
            pieces.append([])
            continue
        tag = TAG.fullmatch(code)
        holds = tag is None or _holds(tag["names"], on, known, f"{where}:{number}")
        if tag and not tag["code"].strip():
            blocks.append(holds)
            pieces.append([])
        elif holds and all(blocks):
            pieces[-1].append(tag["code"] + line[len(code) :] if tag else line)
        elif pieces[-1]:
            pieces.append([])
    if blocks:
        raise GeneratorError(f"{where}: a feature block is not closed.")
    return "\n".join(sewn(pieces, python=where.endswith(".py")))


def _holds(names: str, on: Collection[str], known: Collection[str], where: str) -> bool:
    tagged = {name.strip() for name in re.split(r"[|,]", names)}
    if unknown := tagged - set(known) - {TEMPLATE}:
        raise GeneratorError(f"{where}: the tag names no feature: {', '.join(sorted(unknown))}.")
    return bool(tagged & set(on))
