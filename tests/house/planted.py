# file of feature: login
"""Text of people that would plant something in a page, if a page believed it."""

from html.parser import HTMLParser

MARK = "planted"
# Ends what it may stand in: an attribute with either quote, a script, a title, a field.
HOSTILE = f"\"'></script></title></textarea><u {MARK}>\" {MARK}=\"' {MARK}='"


class _Finder(HTMLParser):
    found = False

    def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= any(name.startswith(MARK) for name, _ in attrs)


def is_planted(page: str) -> bool:
    """Tell whether a page has an element, or an attribute, that somebody's text put there."""
    finder = _Finder()
    finder.feed(page)
    finder.close()
    return finder.found
