"""Time-based one-time passwords (RFC 6238): the code of a secret at a moment, and which one fits.

pyotp computes; what fits and when is decided here. Its own window takes the next step too, and
its own check takes the same code twice.
"""

import hmac
import unicodedata
from collections.abc import Iterable
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DIGITS = 6
SECRET_LENGTH = 32  # characters of base32: 160 bits, the output of SHA-1 (RFC 4226, section 4)
IGNORED = str.maketrans("", "", " -\u00a0\u2009\u202f\t")


def new_secret() -> str:
    """Return 160 random bits in base32."""
    return pyotp.random_base32(SECRET_LENGTH)


def plain(code: str) -> str:
    """Return a code as it is compared: people copy blanks, and keyboards write wide digits."""
    return unicodedata.normalize("NFKC", code).translate(IGNORED)


def step_at(moment: datetime) -> int:
    """Return the number of a time step (RFC 6238, section 4.2)."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_at(secret: str, step: int) -> str:
    """Return the code of a secret in a time step."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).at(step * STEP_SECONDS)


def find_step(secret: str, code: str, steps: Iterable[int]) -> int | None:
    """Return the step in which a secret has this code; None if in none of them.

    All steps are compared, and in equal time.
    """
    typed = plain(code).encode()
    found = None
    for step in steps:
        if hmac.compare_digest(code_at(secret, step).encode(), typed):
            found = step
    return found


def address(secret: str, *, account: str, issuer: str) -> str:
    """Return what an app reads from the picture (the Key Uri Format)."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=account, issuer_name=issuer
    )
