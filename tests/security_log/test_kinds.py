"""Nothing about an account happens unnoticed."""

import re

import pytest

from app import config
from app.core import events
from app.security_log.kinds import BY_NAME, KINDS, NOT_STORED


@pytest.mark.asvs("16.1.1", "16.3.3")
def test_every_event_is_a_kind_or_has_its_reason() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert set(BY_NAME).isdisjoint(NOT_STORED)
    assert set(BY_NAME) | set(NOT_STORED) == set(events.signals)


def test_every_kind_is_said_in_words_and_by_what_it_keeps() -> None:
    longest_kind = 40
    for kind in KINDS:
        assert len(kind.name) <= longest_kind
        assert kind.title
        assert kind.words.endswith(".")
        assert set(re.findall(r"\{(\w+)\}", kind.words)) <= set(kind.details), kind.name


def test_no_kind_keeps_what_is_secret_or_personal() -> None:
    """An event is never changed, so what names a person must not be in it."""
    personal = {"email", "old_email", "new_email", "name", "password", "token", "secret", "address"}
    numbers = {"user_id", "login_session_id", "keep"}
    for kind in KINDS:
        assert set(kind.details).isdisjoint(personal | numbers), kind.name


def test_what_is_kept_is_what_the_event_carries() -> None:
    """A detail that no event says would be missing from every row, and nobody would notice."""
    said = (config.ROOT / "app" / "core" / "events.py").read_text("utf-8")
    for kind in KINDS:
        above = said[: said.index(f'signals.signal("{kind.name}")')].rpartition("signals.signal")[2]
        comment = "".join(re.findall(r"^# (.*)$", above, re.MULTILINE))
        for detail in kind.details:
            assert detail in comment, f"{kind.name}: {detail}"
