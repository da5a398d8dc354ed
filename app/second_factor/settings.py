"""Who must have a second factor, as a setting."""

from flask import Flask

from app.core.settings import Fault, SettingsRefused
from app.second_factor.points import DEMANDS

OPTIONAL, ALL = "optional", "all"
ABOUT = (
    "Who must have a second factor, and sets one up on the way in if there is none: optional, all, "
    "or a word that another feature adds, a colon, and names with commas between."
)


def demanded(value: str) -> str:
    """Read who must have a second factor.

    Raises:
        ValueError: with the cure.
    """
    if value in {OPTIONAL, ALL} or names_in(value):
        return value
    raise ValueError("write optional or all, or a word, a colon, and names with commas between")


def word_of(value: str) -> str:
    """Return what a value begins with, before its colon."""
    return value.partition(":")[0]


def names_in(value: str) -> frozenset[str]:
    """Return the names after the colon of a value; none if it is about all or nobody."""
    names = value.partition(":")[2].split(",")
    return frozenset(name.strip() for name in names if name.strip())


def check(app: Flask) -> None:
    """Refuse a word that no feature knows: it would demand a factor of nobody.

    Raises:
        SettingsRefused: with the words that are known.
    """
    value = app.config["SECOND_FACTOR"]
    known = [demand.word for _, demand in DEMANDS.by_feature(app)]
    if names_in(value) and word_of(value) not in known:
        words = ", ".join([OPTIONAL, ALL, *(f"{word}: and names" for word in known)])
        raise SettingsRefused([Fault("SECOND_FACTOR", f"write one of these: {words}")])
