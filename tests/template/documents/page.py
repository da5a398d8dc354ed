"""A page of the documents, read by Sybil and carried out from top to bottom as a reader would.

CONTRIBUTING.md explains the blocks. Sybil finds them; the modules beside this one carry them out.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

from sybil import Document, Example, Region
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer, FencedCodeBlockLexer
from sybil.parsers.myst.lexers import DirectiveLexer
from sybil.typing import Lexer, Parser

from tests.template.documents import Fault, files
from tests.template.documents.terminal import Terminal
from tests.template.documents.visitor import Visitor

# Any fence but these is a mistake: what is not run must say why. A fence with braces is a
# directive of Sphinx, which complains of unknown ones itself.
UNKNOWN = r"(?!console$|text$|\{).*"


def source(example: Example) -> str:
    """Return a block as it stands in its page."""
    return example.document.text[example.start : example.end]


def examples(path: Path, reader: "Reader | None" = None) -> list[Example]:
    """Return the blocks of a page that are run, and the marks of those that are not."""
    actions = reader.actions if reader else {}
    parsers = [_parser(kind, lexer, actions.get(kind)) for kind, lexer in LEXERS.items()]
    return list(Document.parse(str(path), *parsers).examples())


LEXERS: dict[str, Lexer] = {
    "console": FencedCodeBlockLexer("console"),
    "steps": DirectiveLexer("steps"),
    "file": DirectiveLexer("code-block"),
    "not run": DirectiveInHTMLCommentLexer("not run"),
    "unknown": FencedCodeBlockLexer(UNKNOWN),
}


def _parser(kind: str, lexer: Lexer, action: Callable[[Any], None] | None) -> Parser:
    def evaluate(example: Example) -> str | None:
        if kind == "not run":
            example.document.push_evaluator(_leave_out)
        elif action is None:
            return "This kind of block cannot be run; say why before it: <!-- not run: reason -->"
        else:
            try:
                action(example.region.lexemes)
            except Fault as fault:
                return str(fault)
        return None

    def parse(document: Document) -> Iterator[Region]:
        for region in lexer(document):
            region.parsed, region.evaluator = kind, evaluate
            yield region

    return parse


def _leave_out(example: Example) -> None:
    example.document.pop_evaluator(_leave_out)


class Reader:
    """Somebody who does what a page says, with a terminal and a browser of their own.

    Args:
        terminal: where commands are typed.
        visitor: who does the steps in the browser.
        tell: is told at the end how many blocks were carried out.
    """

    def __init__(
        self, terminal: Terminal, visitor: Visitor, tell: Callable[[int], None] | None = None
    ) -> None:
        self.terminal, self.visitor, self.tell = terminal, visitor, tell
        self.carried_out = 0
        self.actions: dict[str, Callable[[Any], None]] = {
            "console": lambda block: terminal.carry_out(block["source"]),
            "steps": lambda block: visitor.carry_out(terminal.local(block["source"])),
            "file": lambda block: files.carry_out(block, terminal.folder),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.tell:
            self.tell(self.carried_out)
        try:
            self.visitor.close()
        finally:
            self.terminal.close()

    def read(self, path: Path, wanted: Callable[[str], bool] = bool) -> None:
        """Do what the page says.

        Args:
            path: the page.
            wanted: which of its blocks to carry out, by their text.

        Raises:
            SybilFailure: something is not as the page says; with the line.
        """
        for example in examples(path, self):
            if wanted(source(example)):
                example.evaluate()
                self.carried_out += example.parsed != "not run"
