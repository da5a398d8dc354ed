"""Nothing about an account happens unnoticed."""

import re
from dataclasses import fields

import pytest

from app.core.events import EVENTS
from app.security_log.stored import STORED


@pytest.mark.asvs("16.1.1", "16.3.3")
def test_every_event_is_stored_or_says_why_not() -> None:
    assert len(STORED) > 5
    for kind, event in EVENTS.items():
        assert (kind in STORED) != event.not_stored.endswith("."), kind


def test_every_event_is_said_in_words_and_by_what_is_stored() -> None:
    longest_kind = 40
    for kind, event in EVENTS.items():
        assert len(kind) <= longest_kind
        assert event.title
        assert event.words.endswith(".")
        assert set(re.findall(r"\{(\w+)\}", event.words)) <= set(event.stored), kind


def test_no_event_stores_what_is_secret_or_personal() -> None:
    """What is stored is never changed, so what names a person must not be in it."""
    personal = {"email", "old_email", "new_email", "name", "password", "token", "secret", "address"}
    numbers = {"user_id", "login_session_id", "keep"}
    for kind, event in EVENTS.items():
        assert set(event.stored).isdisjoint(personal | numbers), kind


def test_what_is_stored_is_a_field_of_the_event() -> None:
    for kind, event in EVENTS.items():
        assert set(event.stored) <= {field.name for field in fields(event)}, kind
