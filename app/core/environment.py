"""Write .env with fresh secrets, once: `python -m app.core.environment`."""

import base64
import os
import secrets

from app.config import ROOT
from app.core.settings import EXAMPLE_SECRET


def fresh_secret() -> str:
    """Return 32 random bytes as text; the same form serves signing and encryption keys."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_environment() -> bool:
    """Make .env from .env.example and return whether it had to be made.

    The file is opened for its owner alone and never overwritten: replacing the keys would sign
    everybody out and make stored ciphertext unreadable.
    """
    example = (ROOT / ".env.example").read_text("utf-8")
    lines = [
        line.replace(EXAMPLE_SECRET, fresh_secret()) if EXAMPLE_SECRET in line else line
        for line in example.splitlines()
    ]
    try:
        target = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(target, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return True


if __name__ == "__main__" and write_environment():
    os.write(1, b"Wrote .env with fresh secrets.\n")
