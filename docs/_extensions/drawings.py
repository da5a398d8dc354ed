"""Drawings that live in the page as text: who says what to whom, in the reader's own colours.

A block reads well where there is no Sphinx, and is drawn as SVG where there is. First come the
parties, then what passes between them:

    browser: Your browser
    house: This house

    browser -> house: address and password
    house: one hash is verified
"""

import re
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from app.core.feature import Feature
from app.core.registry import load_features
from app.features import FEATURES

ROOM, FLOOR, ROOF = 128, 44, 56  # pixels
GROUND = "settings, access, errors, logs, events"
COLUMN, MARGIN, HEAD, LINE, LETTER = 190, 14, 46, 16, 6.6  # pixels
PARTY = re.compile(r"(?P<key>\w+): (?P<text>.+)")
MESSAGE = re.compile(r"(?P<start>\w+) -> (?P<end>\w+): (?P<text>.+)")


@dataclass(frozen=True)
class Step:
    """What one party says to another, or does by itself."""

    start: str
    end: str
    text: str


def read(lines: list[str]) -> tuple[dict[str, str], list[Step]]:
    """Return the parties by their key, and the steps.

    Raises:
        ValueError: a line that is neither, or a step of a party that nobody named.
    """
    parties: dict[str, str] = {}
    steps: list[Step] = []
    for line in filter(None, map(str.strip, lines)):
        if message := MESSAGE.fullmatch(line):
            steps.append(Step(message["start"], message["end"], message["text"]))
        elif (named := PARTY.fullmatch(line)) and named["key"] in parties:
            steps.append(Step(named["key"], named["key"], named["text"]))
        elif named and not steps:
            parties[named["key"]] = named["text"]
        else:
            raise ValueError(f"neither a party nor a step: {line}")
    unknown = {key for step in steps for key in (step.start, step.end)} - set(parties)
    if unknown or not steps:
        raise ValueError(f"not named: {', '.join(sorted(unknown)) or 'any step'}")
    return parties, steps


def draw(title: str, parties: dict[str, str], steps: list[Step]) -> str:
    """Return the drawing as SVG."""
    name = re.sub(r"\W+", "-", title.lower())
    place = {key: MARGIN + COLUMN * (n + 0.5) for n, key in enumerate(parties)}
    height, parts = HEAD + 2 * MARGIN, []
    for step in steps:
        drawn, height = _step(step, place, height)
        parts.append(drawn.replace("url(#)", f"url(#{name})"))
    width = COLUMN * len(parties) + 2 * MARGIN
    lines = [
        f'<line class="life" x1="{x}" y1="{HEAD}" x2="{x}" y2="{height}"/>' for x in place.values()
    ]
    heads = [_head(place[key], text) for key, text in parties.items()]
    told = "; ".join(
        f"{parties[step.start]}: {step.text}"
        if step.start == step.end
        else f"{parties[step.start]} to {parties[step.end]}: {step.text}"
        for step in steps
    )
    arrow = (
        f'<defs><marker id="{name}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z"/></marker></defs>'
    )
    return (
        f'<div class="drawing" tabindex="0" role="group" aria-label="{escape(title)}">'
        f'<svg role="img" viewBox="0 0 {width} {height + MARGIN}" style="max-width: {width}px; '
        f'min-width: {width * 0.8:.0f}px"><title>{escape(title)}</title>'
        f"<desc>{escape(told)}</desc>{arrow}{''.join((*lines, *heads, *parts))}</svg></div>"
    )


def _head(x: float, text: str) -> str:
    half = COLUMN / 2 - 8
    return (
        f'<rect class="party" x="{x - half}" y="8" width="{2 * half}" height="{HEAD - 16}" rx="6"/>'
        f'<text class="name" x="{x}" y="28" text-anchor="middle">{escape(text)}</text>'
    )


def _step(step: Step, place: dict[str, float], top: float) -> tuple[str, float]:
    """Draw a step below a height, and return the height below it."""
    start, end = place[step.start], place[step.end]
    by_itself = start == end
    room = COLUMN - 16 if by_itself else abs(end - start) - 16
    rows = wrap(step.text, int(room / LETTER))
    middle = (start + end) / 2
    text = "".join(
        f'<text x="{middle}" y="{top + LINE * n}" text-anchor="middle">{escape(row)}</text>'
        for n, row in enumerate(rows)
    )
    bottom = top + LINE * (len(rows) - 1)
    if by_itself:
        box = (
            f'<rect class="deed" x="{start - room / 2 - 4}" y="{top - 14}" width="{room + 8}" '
            f'height="{bottom - top + 22}" rx="4"/>'
        )
        return box + text, bottom + LINE * 2
    line = f'<line class="says" x1="{start}" y1="{bottom + 7}" x2="{end}" y2="{bottom + 7}"/>'
    return text + line.replace("/>", ' marker-end="url(#)"/>'), bottom + LINE * 2.2


def floors(features: list[Feature]) -> list[list[Feature]]:
    """Return the features floor by floor: each stands on those that it needs."""
    height: dict[str, int] = {}
    for feature in features:
        height[feature.name] = max((height[need] + 1 for need in feature.needs), default=0)
    return [
        [feature for feature in features if height[feature.name] == floor]
        for floor in range(max(height.values()) + 1)
    ]


def plan(features: list[Feature], addresses: dict[str, str]) -> str:
    """Return the house as it stands: the ground floor below, and a room for each feature."""
    built = floors(features)
    most = max(map(len, built))
    width, rooms = ROOM * most + 2 * MARGIN, []
    for floor, here in enumerate(reversed(built)):
        top, wide = ROOF + FLOOR * floor, ROOM * most / len(here)
        for n, feature in enumerate(here):
            x = MARGIN + wide * n
            rooms.append(
                f'<a href="{escape(addresses.get(feature.name, "#"))}">'
                f'<rect class="room" x="{x}" y="{top}" width="{wide}" height="{FLOOR}"/>'
                f'<text class="name" x="{x + wide / 2}" y="{top + FLOOR / 2 + 4}" '
                f'text-anchor="middle">{escape(feature.name)}</text></a>'
            )
    ground = ROOF + FLOOR * len(built)
    told = "; ".join(
        f"{feature.name} stands on {', '.join(feature.needs) or 'the ground floor'}"
        for feature in features
    )
    return (
        '<div class="drawing" tabindex="0" role="group" aria-label="The plan of the house">'
        f'<svg viewBox="0 0 {width} {ground + FLOOR + MARGIN}" '
        f'style="max-width: {width}px; min-width: {width * 0.8:.0f}px">'
        f"<title>The plan of the house</title><desc>{escape(told)}</desc>"
        f'<path class="roof" d="M{MARGIN} {ROOF} L{width / 2} 8 L{width - MARGIN} {ROOF}"/>'
        f"{''.join(rooms)}"
        f'<rect class="party" x="{MARGIN}" y="{ground}" width="{width - 2 * MARGIN}" '
        f'height="{FLOOR}"/><text x="{width / 2}" y="{ground + FLOOR / 2 + 4}" '
        f'text-anchor="middle">app/core, the ground floor: {escape(GROUND)}</text></svg></div>'
    )


class Plan(SphinxDirective):
    """The house with a room for each feature that is here, each the way to its chapter."""

    def run(self) -> list[nodes.Node]:
        """Draw what the declarations say."""
        self.env.note_reread()
        here = self.env.docname
        addresses = {
            name: self.env.app.builder.get_relative_uri(here, f"tutorial/{name}")
            for name in FEATURES
            if f"tutorial/{name}" in self.env.found_docs
        }
        drawn = plan(list(load_features(FEATURES)), addresses)
        return [nodes.raw("", drawn, format="html")]


class Exchange(SphinxDirective):
    """Who says what to whom, one after the other."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Draw the lines of the block."""
        try:
            drawn = draw(self.arguments[0], *read(list(self.content)))
        except ValueError as fault:
            raise self.error(str(fault)) from fault
        return [nodes.raw("", drawn, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Give the directive its name."""
    app.add_directive("exchange", Exchange)
    app.add_directive("plan", Plan)
    app.add_css_file("drawings.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
