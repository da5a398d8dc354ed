# file of feature: devices | second_factor | security_log
"""What browsers call themselves, in words."""

import time

import pytest

from app.core.user_agent import UNKNOWN, describe

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML)"
CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0",
            "Firefox 131 on Linux",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:131.0) Gecko/20100101 Firefox/131.0",
            "Firefox 131 on macOS",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROMIUM} Safari/537.36 Edg/130.0.0.0",
            "Edge 130 on Windows",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 10; K) {CHROMIUM} Mobile Safari/537.36",
            "Chrome Mobile 130 on Android",
        ),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Mobile Safari 17 on iOS"),
        (f"{IPHONE} Mobile/15E148", "Mobile Safari on iOS"),
        ("curl/8.5.0", "curl 8"),
        ("python-httpx/0.27.0", "python-httpx 0"),
        ("backup_job/2.1 (+https://example.com)", "backup_job 2"),
        ("Mozilla/5.0 (X11; Linux x86_64)", f"{UNKNOWN} on Linux"),
        ("", UNKNOWN),
        ("x", UNKNOWN),
        ("Mozilla/5.0", UNKNOWN),
        ("\x00", UNKNOWN),
    ],
)
def test_browser_and_system_are_named(user_agent: str, words: str) -> None:
    assert describe(user_agent) == words


@pytest.mark.parametrize(
    "user_agent",
    [
        "Call 555 0100 to keep your account Crawler/1",
        "evil.example Bot/1",
        "http://evil.example/ Bot/1",
        "www.evil.example Crawler/1.0",
        "<b>Robot</b> Crawler/1",
        "\u202egnp.exe Crawler/1",
        "\u05d0\u05d1\u05d2 Crawler/1",
        "a" * 200 + "bot/1",
        "call-555-0100-to-keep-your-account/1",
        "evil.example/1",
        "Firefox/\u0661\u0663\u0661",
        "Firefox/99999999999999999999",
    ],
)
def test_a_sentence_a_link_or_a_trick_is_no_name(user_agent: str) -> None:
    words = describe(user_agent)
    assert len(words) <= 60
    assert words.isascii()
    assert not set(words) & set("<>&\"'.:@")
    assert "account" not in words


PIECES = ["x", "A", " ", "/", "(", ";", "_", "0", "1.", "Nokia", "HTC", "Mozilla/5.0 (", "Bot"]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_takes_long(piece: str) -> None:
    """Patterns that try again and again from every place are how such libraries are stopped."""
    describe("Firefox/131")  # the patterns are made at the first use
    for other in PIECES:
        began = time.process_time()
        describe(((piece + other) * 256)[:256])
        assert time.process_time() - began < 0.1
