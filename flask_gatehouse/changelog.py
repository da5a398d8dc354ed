"""What is new between two states of the template, from its CHANGELOG."""

import re

FIRST = "Security"
HEADING = re.compile(r"^### (.+)$")
ENTRY = re.compile(r"^- .*(?:\n(?: .*)?)*", re.MULTILINE)


def news(before: str, after: str) -> dict[str, list[str]]:
    """Return the entries that came, by their headings: those on security first.

    Args:
        before: the CHANGELOG as it was.
        after: the CHANGELOG as it is.
    """
    known = {entry for entries in _entries(before).values() for entry in entries}
    found = {
        heading: new
        for heading, entries in _entries(after).items()
        if (new := [entry for entry in entries if entry not in known])
    }
    return dict(sorted(found.items(), key=lambda item: item[0] != FIRST))


def _entries(text: str) -> dict[str, list[str]]:
    """Return every entry on one line, by its heading, of all releases together."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^(?=#+ )", text, flags=re.MULTILINE):
        if heading := HEADING.match(part.partition("\n")[0]):
            entries = [" ".join(entry.split()) for entry in ENTRY.findall(part)]
            found.setdefault(heading[1], []).extend(entries)
    return found
