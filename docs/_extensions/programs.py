# file of feature: api
"""Directives that compute the tables of the API from its document."""

from collections.abc import Iterator
from functools import cache

from application import application
from declarations import Computed, table
from sphinx.application import Sphinx

from app.api.documentation import Operation, Section, problems, sections
from app.api.openapi import Document, document


@cache
def described() -> Document:
    """Return the document of an application that is made for these pages alone."""
    with application().app_context():
        return document()


class OperationsTable(Computed):
    """Every operation of the API: what it does, and who may call it."""

    def text(self) -> str:
        """Return a table for each feature that shows itself to programs."""
        return "\n\n".join(map(self._table, sections(described())))

    def _table(self, section: Section) -> str:
        head = ("Operation", "What it does", "For", "Limit")
        return f"**{section.title}**\n\n" + table(head, map(self._row, section.operations))

    def _row(self, operation: Operation) -> Iterator[str]:
        yield f"`{operation.method} {operation.path}`"
        yield operation.summary
        yield operation.who
        yield operation.limit or "none"


class ProblemsTable(Computed):
    """Every code that a program can be refused with."""

    def text(self) -> str:
        """Return a row for each, with the sentence of one such answer."""
        rows = ((status, f"`{code}`", detail) for status, code, detail in problems(described()))
        return table(("Status", "Code", "Sentence"), rows)


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directives their names."""
    app.add_directive("operations", OperationsTable)
    app.add_directive("problems", ProblemsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
