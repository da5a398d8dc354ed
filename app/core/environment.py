"""Write .env with fresh secrets, later what it lacks: `python -m app.core.environment`."""

import base64
import os
import re
import secrets
import sys
from contextlib import suppress

from app.core.project import ROOT
from app.core.settings import EXAMPLE_SECRET

# A line that its owner has put behind a # is a decision too.
NAME = re.compile(r"^[ \t#]*(?:export[ \t]+)?(\w+)[ \t]*=", re.MULTILINE)


def fresh_secret() -> str:
    """Return 32 random bytes as text; the same form serves signing and encryption keys."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_environment() -> bool:
    """Make .env from .env.example and return whether it had to be made.

    The file is opened for its owner alone and never overwritten: replacing the keys would sign
    everybody out and make stored ciphertext unreadable.
    """
    try:
        target = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(target, "w", encoding="utf-8") as file:
        file.write(_with_secrets(_example()))
    return True


def complete_environment() -> list[str]:
    """Append what .env.example has and .env lacks, and return the names; no line is changed."""
    environment = ROOT / ".env"
    there = environment.read_text("utf-8")
    known = set(NAME.findall(there))
    paragraphs = [_lacking(paragraph, known) for paragraph in _example().split("\n\n")]
    added = "\n\n".join(filter(None, paragraphs))
    if not added:
        return []
    with environment.open("a", encoding="utf-8") as file:
        file.write("\n" if there.endswith("\n") else "\n\n")
        file.write(_with_secrets(added.rstrip("\n")) + "\n")
    return NAME.findall(added)


def _lacking(paragraph: str, known: set[str]) -> str:
    """Return the settings of a paragraph that are not known, under their comments."""
    lines = [line for line in paragraph.split("\n") if not known & set(NAME.findall(line))]
    return "\n".join(lines) if NAME.search("\n".join(lines)) else ""


def _example() -> str:
    return (ROOT / ".env.example").read_text("utf-8")


def _with_secrets(text: str) -> str:
    return re.sub(re.escape(EXAMPLE_SECRET), lambda _: fresh_secret(), text)


def main() -> None:
    """Say in one line what was done, if anything was."""
    try:
        if write_environment():
            sys.stdout.write("Wrote .env with fresh secrets.\n")
        elif added := complete_environment():
            sys.stdout.write(f"Added to .env: {', '.join(added)}.\n")
    except OSError as error:
        sys.exit(f".env cannot be written from .env.example: {error.strerror}.")
    with suppress(OSError):
        os.utime(ROOT / ".env")  # newer than the example, so that make does not ask again


if __name__ == "__main__":
    main()
