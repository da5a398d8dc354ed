"""The codes themselves: six digits, and what is stored in their place."""

import hashlib
import hmac
import secrets
import unicodedata

DIGITS = 6
IGNORED = str.maketrans("", "", " -\u00a0\u2009\u202f\t")


def new_code() -> str:
    """Return six random digits (NIST SP 800-63B-4, 3.1.3.2)."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def plain(code: str) -> str:
    """Return a code as it is compared: people copy blanks, and keyboards write wide digits."""
    return unicodedata.normalize("NFKC", code).translate(IGNORED)


def sealed(code: str, *, key: str, about: str) -> str:
    """Return what is stored in place of a code.

    A million codes are hashed in a second, so a plain hash would hide nothing from whoever has the
    table. This one takes a key that is not in it, and says what the code is for: the same digits
    for another sign-in are another hash.

    Args:
        code: as it was made, or typed.
        key: the secret of the installation.
        about: account, channel and transaction.
    """
    text = f"one-time code\0{about}\0{plain(code)}".encode("utf-8", "surrogatepass")
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest()
