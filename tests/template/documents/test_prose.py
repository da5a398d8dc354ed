"""The sentences of the documents: spelled well, short, in plain words, and leading somewhere."""

import re
import warnings
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from tests.template.documents.prose import MARKDOWN, ROOT, pages, prose

# Words that no dictionary has, such as names; each is a word that a reader may have to look up.
WORDS = Path(__file__).with_name("words.txt")
KNOWN = set(WORDS.read_text("utf-8").split())
HIGHEST_GRADE = 7.0  # of a school
ENOUGH_WORDS = 100  # a grade of a few sentences says nothing
WORD = re.compile(r"[A-Za-z][A-Za-z']*[A-Za-z]")
SPELLING = SpellChecker()


def words(text: str) -> list[str]:
    """Return the words of a text, without addresses."""
    plain = re.sub(r"\S+://\S+|\S+@\S+", " ", text)
    found = WORD.findall(plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    return [word.removesuffix("'s") for word in found]


def misspelled(text: str) -> set[str]:
    """Return the words of a text that are not known."""
    return {one for one in words(text) if one.lower() not in KNOWN and SPELLING.unknown([one])}


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_word_is_spelled_as_in_the_dictionary(page: Path) -> None:
    assert misspelled(prose((ROOT / page).read_text("utf-8"))) == set()


def test_a_misspelled_word_is_found() -> None:
    assert misspelled("Somebody who sings in recieves a cookei.") == {"recieves", "cookei"}


def test_the_list_of_known_words_holds_none_too_many() -> None:
    text = " ".join(prose((ROOT / page).read_text("utf-8")) for page in pages())
    used = {word.lower() for word in words(text)}
    assert KNOWN - used == set()
    assert sorted(KNOWN) == WORDS.read_text("utf-8").split()


def grade(text: str) -> float:
    """Return the grade of a school for which a text is written, by Flesch and Kincaid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its source has an escape that is none
        import readability
    sentences = re.split(r"(?<=[.!?])\s+|\n", text)
    lines = [" ".join(words(sentence)) for sentence in sentences if words(sentence)]
    return float(readability.getmeasures("\n".join(lines))["readability grades"]["Kincaid"])


@pytest.mark.parametrize("page", pages(), ids=str)
def test_a_page_is_in_plain_words(page: Path) -> None:
    text = prose((ROOT / page).read_text("utf-8"))
    if len(text.split()) >= ENOUGH_WORDS:
        assert grade(text) <= HIGHEST_GRADE


def test_long_sentences_of_long_words_are_found() -> None:
    text = "The parameterization of authentication methodologies necessitates consideration. " * 9
    assert grade(text) > HIGHEST_GRADE


def links(path: Path) -> list[str]:
    """Return where a page leads, without other sites and places within it."""
    found = []
    for token in MARKDOWN.parse(path.read_text("utf-8")):
        for child in token.children or ():
            target = child.attrs.get("href") or child.attrs.get("src")
            if target and not re.match(r"[a-z]+:", str(target)):
                found.append(str(target).partition("#")[0])
    return [one for one in found if one]


# The links of a project's own README are those of a project.
OURS = [page for page in pages() if not page.parts[0].startswith("{{")]


@pytest.mark.parametrize("page", OURS, ids=str)
def test_no_link_leads_nowhere(page: Path) -> None:
    """What Sphinx cannot see: links of pages that are read beside the code."""
    missing = [one for one in links(ROOT / page) if not (ROOT / page.parent / one).exists()]
    assert missing == []
