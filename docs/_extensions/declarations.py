"""Directives that compute parts of the pages from the application itself.

What is computed cannot grow stale, and a page needs no change when a feature comes or goes.
"""

import ast
import inspect
import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import click
from application import application
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.directives.other import TocTree
from sphinx.util.docutils import SphinxDirective

from app import config
from app.core.events import EVENTS, Event  # feature: security_log
from app.core.extension import ExtensionPoint, SingleExtensionPoint
from app.core.feature import Feature, Notice
from app.core.project import ROOT
from app.core.registry import load_features
from app.core.settings import Setting
from app.features import FEATURES

# Reading the commands imports the migrations, which announce each of their plug-ins.
logging.getLogger("alembic").setLevel(logging.WARNING)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def first_sentence(documented: object) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def proved_by(test: ast.FunctionDef) -> Iterator[str]:
    """Yield the numbers of the ASVS that a test is marked with."""
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and getattr(mark.func, "attr", "") == "asvs":
            for argument in mark.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


class Chapters(TocTree):
    """The chapters of the features that are here, in their order; the order gives the numbers."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        """Hand the pages that exist to the ordinary list of contents."""
        self.env.note_reread()  # a chapter that came or went since the last build changes no page
        pages = [name for name in FEATURES if f"tutorial/{name}" in self.env.found_docs]
        self.content = StringList(pages, "app/features.py")
        self.options |= {"maxdepth": 1, "numbered": 1}
        return super().run()


class Computed(SphinxDirective):
    """A part of a page whose Markdown is made at build time."""

    # Computed parts read Python, not pages, so a page that holds one is always built anew.
    def run(self) -> list[nodes.Node]:
        """Parse what was made as if it stood in the page."""
        self.env.note_reread()
        return self.parse_text_to_nodes(self.text())

    def text(self) -> str:
        """Return the Markdown."""
        raise NotImplementedError


class FeaturesTable(Computed):
    """Each feature with what it brings, needs and when it is generated."""

    def text(self) -> str:
        """Return a row for each feature."""
        head = ("Folder", "What it brings", "Needs", "Generated")
        return table(head, (self._row(feature) for feature in load_features(FEATURES)))

    def _row(self, feature: Feature) -> Iterator[str]:
        page = f"tutorial/{feature.name}"
        known = page in self.env.found_docs
        yield f"{{doc}}`{feature.name} </{page}>`" if known else f"`{feature.name}`"
        yield feature.summary
        yield ", ".join(f"`{need}`" for need in feature.needs) or "nothing"
        yield feature.offered


class SettingsTables(Computed):
    """Every setting, by the part that declares it."""

    def text(self) -> str:
        """Return a table for the house and one for each feature that has settings."""
        groups = [("The house, in `app/config.py`", tuple(config.SETTINGS))]
        groups += [(f"{f.title}, in `app/{f.name}`", f.settings) for f in load_features(FEATURES)]
        return "\n\n".join(
            f"**{title}**\n\n" + table(("Name", "What it is", "Default"), self._rows(settings))
            for title, settings in groups
            if settings
        )

    def _rows(self, settings: Iterable[Setting]) -> Iterator[Iterator[str]]:
        for setting in settings:
            yield self._row(setting)
            # feature: social
            if setting.brings:
                yield from map(self._row, setting.brings(setting.default))
            # endfeature

    def _row(self, setting: Setting) -> Iterator[str]:
        yield f"`{setting.name}`"
        yield f"{setting.about}{' Secret.' if setting.secret else ''}"
        if setting.default is None:
            yield "must be set"
        else:
            default = setting.default
            written = ",".join(default) if isinstance(default, tuple) else default
            yield f"`{written}`" if written != "" else "empty"


def own_commands() -> Iterator[click.Group]:
    """Yield the groups of commands that features add; Flask and the packages bring others."""
    for group in application().cli.commands.values():
        callbacks = (one.callback for one in getattr(group, "commands", {}).values())
        if any((callback.__module__ or "").startswith("app.") for callback in callbacks):
            yield cast(click.Group, group)


class CommandsTable(Computed):
    """Every command the features add to `flask`."""

    def text(self) -> str:
        """Return a row for each command with its usage."""
        rows = [row for group in own_commands() for row in self._rows(group)]
        return table(("Command", "What it does"), rows) if rows else "No feature adds a command."

    def _rows(self, group: click.Group) -> Iterator[tuple[str, str]]:
        for name, command in sorted(group.commands.items()):
            usage = f"flask {group.name} {name}{self._parameters(command)}"
            effect = inspect.cleandoc(command.help or "").partition("\n\n")[0]
            yield f"`{usage}`", " ".join(effect.split())

    def _parameters(self, command: click.Command) -> str:
        parts = []
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                value = "" if parameter.is_flag else f" {(parameter.name or '').upper()}"
                parts.append(f" [{parameter.opts[0]}{value}]")
            else:
                parts.append(f" {parameter.make_metavar(click.Context(command))}")
        return "".join(parts)


class ExtensionPointsTable(Computed):
    """Every extension point with its owner and with the features that add to it."""

    def text(self) -> str:
        """Return a row for each."""
        head = ("Extension point", "Takes", "Features that add to it")
        return table(head, map(self._row, sorted(extension_points(), key=lambda one: one.name)))

    def _row(self, point: ExtensionPoint[Any]) -> Iterator[str]:
        yield f"`{point.name}`" + (
            ", at most one" if isinstance(point, SingleExtensionPoint) else ""
        )
        yield "a function" if point.kind is callable else f"`{point.kind.__name__}`"
        features = dict.fromkeys(name for name, _ in point.by_feature(application()))
        yield ", ".join(f"`{name}`" for name in features) or "none here"


def extension_points() -> list[ExtensionPoint[Any]]:
    """Return the extension points of every module of the application."""
    application()  # imports them all
    modules = [module for name, module in sys.modules.items() if name.startswith("app.")]
    found = (value for module in modules for value in vars(module).values())
    return list({point for point in found if isinstance(point, ExtensionPoint)})


class NoticesTable(Computed):
    """Every mail, with the event that causes it and whose inbox it goes to."""

    def text(self) -> str:
        """Return a row for each mail."""
        notices = [notice for feature in load_features(FEATURES) for notice in feature.notices]
        head = ("Event", "Mail", "Recipient", "Carries a link that does something")
        return table(head, map(self._row, notices)) if notices else "No feature sends mail."

    def _row(self, notice: Notice) -> Iterator[str]:
        yield f"`{notice.event}`"
        yield f"`{notice.mail}`: {self._subject(notice)}"
        yield notice.recipient
        yield "yes" if notice.carries_link else "no"

    def _subject(self, notice: Notice) -> str:
        subject = (ROOT / "templates" / f"{notice.mail}.subject.txt").read_text("utf-8").strip()
        return subject.replace("{{ config.SITE_NAME }}", "…")


# feature: roles
class PermissionsTable(Computed):
    """Every permission, with the feature that declares it."""

    def text(self) -> str:
        """Return a row for each permission."""
        rows = [
            (f"`{permission.name}`", permission.about, f"`{feature.name}`")
            for feature in load_features(FEATURES)
            for permission in feature.permissions
        ]
        head = ("Permission", "What it allows", "Declared by")
        return table(head, rows) if rows else "No feature declares a permission yet."


# endfeature
class PeriodicTable(Computed):
    """The work that the worker does again and again."""

    def text(self) -> str:
        """Return a row for each work that a feature declares."""
        rows = [
            (f"`{work.name}`", f"every {work.minutes} min", work.about)
            for feature in load_features(FEATURES)
            for work in feature.periodic
        ]
        return table(("Work", "When", "What it does"), rows) if rows else "No feature has any."


# feature: security_log
class SecurityEvents(Computed):
    """Every kind of event that the security log stores, and the events that it does not."""

    def text(self) -> str:
        """Return a row for each kind, and a list of what is left out."""
        head = ("Kind", "What it says", "Details", "Shown to its owner", "“This was not me”")
        load_features(FEATURES)
        rows = [self._row(event) for event in EVENTS.values() if not event.not_stored]
        left_out = [event for event in EVENTS.values() if event.not_stored]
        reasons = (f"- `{event.kind}` is not stored: {event.not_stored}" for event in left_out)
        return "\n\n".join((table(head, rows), "\n".join(reasons)))

    def _row(self, event: type[Event]) -> Iterator[str]:
        yield f"`{event.kind}`"
        words = event.words.replace("{", "*").replace("}", "*")
        yield f"**{event.title}.** {words}"
        yield ", ".join(f"`{name}`" for name in event.stored) or "none"
        yield "yes" if event.about_account else "no, it is about no account"
        yield "yes" if event.can_be_disowned else "no"


# endfeature
class AttackTests(Computed):
    """The tests that prove the refusals of a chapter, with the requirements they name."""

    required_arguments = 1

    def text(self) -> str:
        """Return a sentence and a list for each file of such tests."""
        folder = ROOT / "tests" / self.arguments[0]
        return "\n\n".join(map(self._proofs, sorted(folder.glob("test_*attacks.py"))))

    def _proofs(self, path: Path) -> str:
        tree = ast.parse(path.read_text("utf-8"))
        found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        tests = [node for node in found if node.name.startswith("test_")]
        if not tests:
            return ""
        lines = (f"- `{test.name}`{self._proves(test)}" for test in tests)
        place = path.relative_to(ROOT)
        return f"Each is proved by a test in `{place}`:\n\n" + "\n".join(lines)

    def _proves(self, test: ast.FunctionDef) -> str:
        numbers = ", ".join(proved_by(test))
        return f" (ASVS {numbers})" if numbers else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directives their names."""
    for name, directive in {
        "chapters": Chapters,
        "features": FeaturesTable,
        "settings": SettingsTables,
        "commands": CommandsTable,
        "extension-points": ExtensionPointsTable,
        "notices": NoticesTable,
        "periodic": PeriodicTable,
        "permissions": PermissionsTable,  # feature: roles
        "security-events": SecurityEvents,  # feature: security_log
        "attack-tests": AttackTests,
    }.items():
        app.add_directive(name, directive)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
