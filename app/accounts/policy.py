"""What makes a password good enough: length and not being guessable, no rules of composition."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_PASSWORD = 256
LOOKED_AT = 72  # characters the estimate is made of; its time grows with the cube of them
LEAST_SCORE = 3  # of 0 to 4: fewer than 10**8 guesses is refused
SUGGESTED_WORDS = 4  # of a list of 7,776: 51 bits

GUIDANCE = "Four words that do not belong together are long, strong and easy to keep."


class PasswordRefused(Exception):
    """The password is too short, too long or known; the message says which and what helps."""


def check_password(password: str, *, minimum: int, own_words: Iterable[str]) -> None:
    """Refuse a password that somebody else would guess.

    Args:
        password: as it was typed; each code point counts as one character.
        minimum: the least number of characters.
        own_words: names of the site and the person: the first things a stranger tries.

    Raises:
        PasswordRefused: with the reason and what helps (NIST SP 800-63B-4, 3.1.1.2).
    """
    length = len(unicodedata.normalize("NFC", password))
    if length < minimum:
        raise PasswordRefused(f"Use at least {minimum} characters; this has {length}. {GUIDANCE}")
    if length > LONGEST_PASSWORD:
        raise PasswordRefused(f"Use at most {LONGEST_PASSWORD} characters.")
    own = {folded for word in own_words if (folded := _letters(word))}
    if _is_made_of(_letters(password), own):
        raise PasswordRefused(f"This is a name that others can see here. {GUIDANCE}")
    if _is_common(password, own):
        raise PasswordRefused(f"This is on the lists that attackers try first. {GUIDANCE}")


def suggest_password() -> str:
    """Return four random words: a password a person can say over the telephone."""
    from xkcdpass import xkcd_password

    words = xkcd_password.generate_wordlist(
        wordfile=xkcd_password.locate_wordfile("eff-long"), min_length=3, max_length=9
    )
    return str(xkcd_password.generate_xkcdpassword(words, SUGGESTED_WORDS, delimiter="-"))


def _letters(text: str) -> str:
    """Return the letters alone, folded: what is left when digits and marks were sprinkled in."""
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _is_made_of(text: str, words: set[str]) -> bool:
    """Tell whether the text is one of the words, once or again and again."""
    return any(
        word and len(text) % len(word) == 0 and text == word * (len(text) // len(word))
        for word in words
        if text
    )


def _is_common(password: str, own: set[str]) -> bool:
    # The lists are large, so they are loaded when the first password is chosen, not at start.
    from zxcvbn import zxcvbn
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    if _letters(password) in FREQUENCY_LISTS["passwords"]:
        return True
    estimate = zxcvbn(password[:LOOKED_AT], user_inputs=sorted(own))
    return int(estimate["score"]) < LEAST_SCORE
