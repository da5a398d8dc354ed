"""A kind of second factor for the tests of every shape of project: a word that is an account's."""

from datetime import datetime

from flask import Flask

from app.accounts import service as accounts
from app.core import clock
from app.core.factor import SECOND_FACTORS, CodeRefused, Held, SecondFactor

WORD = "word"


class Word(SecondFactor):
    """The word of an account, which is asked for as any code is."""

    about = "The word of the tests."
    set_up = "second_factor.index"
    is_digits = False

    def __init__(self, key: str, *, is_backup: bool = False) -> None:
        self.key, self.label, self.is_backup = key, key.title(), is_backup
        self.used: dict[int, datetime | None] = {}

    def find(self, user_id: int) -> Held | None:
        """Whoever was given it has it."""
        return Held(self, "known by heart", self.used[user_id]) if user_id in self.used else None

    def verify(self, user_id: int, code: str, transaction: str) -> None:
        """Take the word, as often as it comes."""
        if code != f"{self.key}-of-{user_id}":
            raise CodeRefused
        self.used[user_id] = clock.now()

    def remove(self, user_id: int) -> None:
        """Forget that it was given."""
        self.used.pop(user_id, None)


def word_of(app: Flask, key: str = WORD, *, is_backup: bool = False) -> Word:
    """Return a kind, added to the application if it is not there yet."""
    for _, kind in SECOND_FACTORS.by_feature(app):
        if isinstance(kind, Word) and kind.key == key:
            return kind
    SECOND_FACTORS.add(app, word := Word(key, is_backup=is_backup))
    return word


def give_word(app: Flask, email: str, key: str = WORD, *, is_backup: bool = False) -> str:
    """Let an account have a word, and return it."""
    word = word_of(app, key, is_backup=is_backup)
    with app.app_context():
        user_id = accounts.get_user(email).id
    word.used[user_id] = None
    return f"{key}-of-{user_id}"
