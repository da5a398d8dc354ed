"""Settings: declared with their type and their rule, read from the environment all at once.

Every fault is collected before anything is said, because a person who is told of one missing
setting per start needs as many starts as there are settings.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import category

# What .env.example shows in place of a secret; a running application must never hold it.
EXAMPLE_SECRET = "made-by-make-setup"  # noqa: S105 - it is the opposite of a secret
MINIMUM_SECRET_BYTES = 32  # 256 bits: as long as the output of SHA-256 (RFC 2104, section 3)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one setting, and the cure."""

    setting: str
    cure: str

    def __str__(self) -> str:
        return f"{self.setting}: {self.cure}"


class SettingsRefused(Exception):
    """The environment does not describe an application that may be served.

    Attributes:
        faults: everything that is wrong, in the order of the declarations.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        super().__init__(
            f"The settings are not complete, so nothing is served:\n{lines}\n"
            "Mend them in .env or in the environment; `flask doctor` shows this list again."
        )


def text(value: str) -> str:
    """Take the value as it stands."""
    return value


def one_line(value: str) -> str:
    """Take text of one line: a line break could forge a header of a mail.

    What joins letters and pictures to one sign is not printable by itself and is taken.
    """
    if any(category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in value):
        raise ValueError("write one line of printable text")
    return value


def whole_number(value: str) -> int:
    """Read a whole number that is not negative."""
    if not value.isascii() or not value.isdigit():
        raise ValueError("write a whole number, for example 10")
    return int(value)


def comma_list(value: str) -> tuple[str, ...]:
    """Split at commas, without blanks and empty parts."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


@dataclass(frozen=True)
class Setting:
    """One setting: its name in the environment, its type, its rule and what it is for.

    Args:
        name: the environment variable and the key in ``app.config``.
        about: one sentence for the reference page.
        read: turns the text into the value; raises ValueError with the cure.
        default: the value when the variable is absent or empty; None means it is required.
        check: takes the value and all values read before it, returns a cure or None.
        secret: at least 32 bytes, not the example, and like no other secret.
        brings: from the value to further settings, whose names follow from it.
    """

    name: str
    about: str
    read: Callable[[str], Any] = text
    default: Any = None
    check: Callable[[Any, Mapping[str, Any]], str | None] | None = None
    secret: bool = False
    brings: Callable[[Any], Iterable["Setting"]] | None = None


def read_settings(
    settings: Iterable[Setting], environ: Mapping[str, str]
) -> tuple[dict[str, Any], list[Fault]]:
    """Read every setting and return the values with everything that is wrong with them."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    secrets_seen: dict[str, str] = {}
    waiting = list(settings)
    while waiting:
        setting = waiting.pop(0)
        cure = _read_one(setting, environ.get(setting.name, ""), values)
        if cure is None and setting.secret:
            cure = _secret_cure(setting.name, environ.get(setting.name, ""), secrets_seen)
        if cure is not None:
            faults.append(Fault(setting.name, cure))
        if setting.brings and setting.name in values:
            waiting = [*setting.brings(values[setting.name]), *waiting]
    return values, faults


def _read_one(setting: Setting, raw: str, values: dict[str, Any]) -> str | None:
    if not raw.strip() and setting.default is None:
        return f"is missing. {setting.about}"
    try:
        value = setting.read(raw.strip()) if raw.strip() else setting.default
    except ValueError as error:
        return str(error)
    values[setting.name] = value
    return setting.check(value, values) if setting.check else None


def _secret_cure(name: str, raw: str, seen: dict[str, str]) -> str | None:
    """Refuse secrets that are guessable: the commonest hole in copied starters."""
    cure = 'make a fresh one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
    for part in comma_list(raw):
        if EXAMPLE_SECRET in part:
            return f"is still the example; {cure}"
        if len(part.encode()) < MINIMUM_SECRET_BYTES:
            return f"is shorter than {MINIMUM_SECRET_BYTES} bytes; {cure}"
        if part in seen:
            return f"is the same as {seen[part]}; one leak must not open two doors; {cure}"
    seen.update(dict.fromkeys(comma_list(raw), name))
    return None
