"""What a recovery code looks like: easily written down, hard to guess.

Twenty-four characters of an alphabet of 32 are 120 bits. From 112 bits on a plain hash protects a
stolen table; below, each code would need a slow one (NIST SP 800-63B-4, 3.1.2.2; ASVS 5.0.0,
6.5.2).
"""

import secrets
import unicodedata

# Crockford's base32: without I, L, O and U, which are taken for other signs or make words.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 24
GROUP = 4
MISREAD = str.maketrans("ILO", "110")


def new_code() -> str:
    """Return 120 random bits in six groups of four."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(signs[i : i + GROUP] for i in range(0, LENGTH, GROUP))


def plain(code: str) -> str:
    """Return a code as it is compared: however it was copied from paper, and whatever looks alike.

    Args:
        code: as it was typed.
    """
    wide = unicodedata.normalize("NFKC", code).upper()
    return "".join(sign for sign in wide if sign.isalnum()).translate(MISREAD)
