"""Slots: places in a page that other features add a template to.

A page says ``{% slot "site.header" %}``. The templates in the slot become part of the page when it
is compiled, so a slot costs a request nothing. Where templates are reloaded, they are included.
"""

from dataclasses import dataclass

from flask import Flask
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.parser import Parser

from app.core.extension import ExtensionPoint


@dataclass(frozen=True)
class SlotPart:
    """A template in a slot. It sees what the page around it sees.

    Args:
        slot: the name that the page uses, e.g. ``site.header``.
        template: the file, e.g. ``accounts/links.html``.
    """

    slot: str
    template: str


SLOTS = ExtensionPoint[SlotPart]("core.slots.SLOTS", SlotPart)


class SlotTag(Extension):
    """The tag ``slot`` of templates."""

    tags = {"slot"}  # noqa: RUF012 - the library's own form

    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return the templates that features added to a slot, in the order of FEATURES."""
        line = next(parser.stream).lineno
        name = parser.stream.expect("string").value
        app: Flask = self.environment.app  # type: ignore[attr-defined]
        parts = [part.template for _, part in SLOTS.by_feature(app) if part.slot == name]
        return [self._part(template).set_lineno(line) for template in parts]

    def _part(self, template: str) -> nodes.Node:
        if self.environment.auto_reload:
            return nodes.Include(nodes.Const(template), True, False)
        assert self.environment.loader  # noqa: S101 - Flask's environment has one
        source, _, _ = self.environment.loader.get_source(self.environment, template)
        return nodes.Scope(self.environment.parse(source, template).body)


def init_app(app: Flask) -> None:
    """Let pages have slots."""
    app.jinja_env.add_extension(SlotTag)
