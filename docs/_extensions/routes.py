"""Directives that compute which routes there are, and which marks they carry."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

from application import application
from declarations import ROOT, Computed, first_sentence, table
from sphinx.application import Sphinx
from werkzeug.routing import Rule

from app.api.blueprint import ApiBlueprint  # feature: api
from app.core import access
from app.core.access import STATIC_ENDPOINTS, access_rules
from app.core.limits import GUESSING  # feature: accounts
from app.core.registry import load_features
from app.features import FEATURES

# What a decorator without brackets takes.
TARGETS = {"target", "view", "function"}
FACES: tuple[str, ...] = ("views",)
PROGRAMS: tuple[str, ...] = ()  # what addresses begin with that have a page of their own
# feature: api
FACES += ("api",)
PROGRAMS += ("/api/",)
# endfeature
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class RoutesTable(Computed):
    """Every route for browsers, by feature: what it does, for whom, how often."""

    def text(self) -> str:
        """Return a table for each feature that has pages."""
        by_feature: dict[str, list[Rule]] = {}
        for rule in application().url_map.iter_rules():
            if rule.endpoint not in STATIC_ENDPOINTS and not rule.rule.startswith(PROGRAMS):
                by_feature.setdefault(rule.endpoint.partition(".")[0], []).append(rule)
        parts = [(one.title, by_feature.pop(one.name, [])) for one in load_features(FEATURES)]
        # What is left are the blueprints that no production has.
        parts.append(("In development only", list(chain.from_iterable(by_feature.values()))))
        return "\n\n".join(self._part(title, rules) for title, rules in parts if rules)

    def _part(self, title: str, rules: list[Rule]) -> str:
        in_order = sorted(rules, key=lambda rule: rule.rule)
        rows = (row for rule in in_order for row in self._rows(rule))
        return f"**{title}**\n\n" + table(("Route", "What it does", "For", "Limit"), rows)

    def _rows(self, rule: Rule) -> Iterator[tuple[str, ...]]:
        view = application().view_functions[rule.endpoint]
        view_class = getattr(view, "view_class", None)
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if view_class is None:
            yield self._row(rule, methods, view)
            return
        for method in methods:
            yield self._row(rule, [method], getattr(view_class, method.lower()))

    def _row(self, rule: Rule, methods: list[str], view: Callable[..., Any]) -> tuple[str, ...]:
        asked = access_rules(application(), rule.endpoint, methods[0])
        limit = "none"
        # feature: accounts
        if getattr(view, "guessing", None) and set(methods) & set(UNSAFE):
            limit = GUESSING.replace("; ", ", ")
        # endfeature
        return (
            f"`{' '.join(methods)} {rule.rule}`",
            first_sentence(view),
            ", ".join(one.words for one in asked),
            limit,
        )


class DecoratorsTable(Computed):
    """Every decorator of ours that a view can carry, with what its docstring says."""

    def text(self) -> str:
        """Return a part for each mark of access, and for each other decorator that is used."""
        marks = inspect.getmembers(access, self._is_mark)
        found = dict.fromkeys((access.__name__, name) for name, _ in marks)
        for face in FACES:
            for path in sorted((ROOT / "app").glob(f"*/*{face}.py")):
                found |= dict.fromkeys(self._used_in(path))
        parts = [
            self._part(f"@{name}", getattr(import_module(module), name), module)
            for module, name in found
        ]
        # feature: api
        parts += [
            self._part(f"@blueprint.{name}", method, ApiBlueprint.__module__)
            for name, method in vars(ApiBlueprint).items()
            if not name.startswith("_") and inspect.isfunction(method)
        ]
        # endfeature
        return "\n\n".join(parts)

    def _is_mark(self, member: object) -> bool:
        return (
            inspect.isfunction(member)
            and not member.__name__.startswith("_")
            and "Target" in str(inspect.signature(member).return_annotation)
        )

    def _used_in(self, path: Path) -> Iterator[tuple[str, str]]:
        """Yield module and name of each decorator in a file that was imported from ``app``."""
        tree = ast.parse(path.read_text("utf-8"))
        imported = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.")
            for alias in node.names
        }
        for node in ast.walk(tree):
            for mark in getattr(node, "decorator_list", ()):
                called = mark.func if isinstance(mark, ast.Call) else mark
                if isinstance(called, ast.Name) and called.id in imported:
                    yield imported[called.id]

    def _part(self, name: str, decorator: Callable[..., Any], module: str) -> str:
        text, _, arguments = (inspect.getdoc(decorator) or "").partition("\n\nArgs:\n")
        known = inspect.signature(decorator).parameters
        parameters = [str(one) for key, one in known.items() if key != "self"]
        takes = "" if set(known) & TARGETS else f"({', '.join(parameters)})"
        listed = re.sub(r"^    (\w+): ", r"- `\1`: ", arguments, flags=re.MULTILINE)
        place = f"{module.replace('.', '/')}.py"
        return f"## `{name}`\n\n`{name}{takes}`, from `{place}`\n\n{text}\n\n{listed}"


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directives their names."""
    app.add_directive("routes", RoutesTable)
    app.add_directive("decorators", DecoratorsTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
