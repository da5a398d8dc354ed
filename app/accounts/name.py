"""One rule for names, at every door."""

import unicodedata

MISSING = "Say what we may call you."
NOT_ONE_LINE = "Use letters, marks and blanks only."


def is_one_line(text: str) -> bool:
    """Tell whether a text is free of line breaks and the like: they forge lines in mails and logs.

    Half a surrogate pair is refused with them: no database stores it.
    """
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
