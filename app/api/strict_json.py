"""JSON as a machine should send it: one meaning, a bounded size, text that can be stored.

Python's own reader is kind. It takes a key twice, and the last one wins, while a proxy before us
may have looked at the first. It takes NaN, which no other reader knows. It follows a body of
five thousand brackets until the interpreter gives up.
"""

import json
from collections.abc import Callable
from math import isfinite
from typing import Any

DEEPEST = 16  # levels; ours need three
LONGEST_NUMBER = 40  # digits; int() of a long one takes time that grows with its square


class JSONRefused(ValueError):
    """The text is no JSON that is taken here; the message says why."""


def loads(body: bytes) -> Any:
    """Read a body.

    Raises:
        JSONRefused: it is not UTF-8, no JSON, too deep, names a key twice, or holds a number or a
            text that nothing here could store (RFC 8259, sections 4, 6 and 8; RFC 7493).
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_int=_short_enough(int),
            parse_float=_short_enough(_finite),
        )
        _look_through(value, DEEPEST)
    except JSONRefused:
        raise
    except UnicodeDecodeError:
        raise JSONRefused("The body is not UTF-8.") from None
    except RecursionError:  # the reader's own limit, far beyond ours
        raise JSONRefused(f"The body is nested deeper than {DEEPEST} levels.") from None
    except ValueError as error:
        raise JSONRefused(f"The body is no JSON: {error}.") from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JSONRefused("The body names a key twice.")
    return found


def _no_number(name: str) -> Any:
    raise JSONRefused(f"{name} is no number of JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):  # 1e400 is a number of JSON, and infinite to whoever reads it
        raise JSONRefused("The body holds a number that is too large.")
    return number


def _short_enough(read: Callable[[str], int | float]) -> Any:
    def checked(digits: str) -> int | float:
        if len(digits) > LONGEST_NUMBER:
            raise JSONRefused("The body holds a number that is too long.")
        return read(digits)

    return checked


def _look_through(value: Any, levels: int) -> None:
    """Look at each text and at the depth of what was read."""
    if isinstance(value, str):
        _refuse_unstorable(value)
    elif isinstance(value, (dict, list)):
        if not levels:
            raise JSONRefused(f"The body is nested deeper than {DEEPEST} levels.")
        for member in value:
            _look_through(member, levels - 1)
        for member in value.values() if isinstance(value, dict) else ():
            _look_through(member, levels - 1)


def _refuse_unstorable(text: str) -> None:
    """Refuse half of a surrogate pair, which is no character, and NUL, which PostgreSQL refuses."""
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise JSONRefused("The body holds a text with a character that cannot be stored.")
