"""The log of an application in production: one line an event, for people and for programs."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from app import create_app
from tests.conftest import Browser
from tests.site.test_attacks import PRODUCTION


@pytest.mark.asvs("16.2.2", "16.2.4")
def test_each_line_is_one_object_with_its_moment_in_utc(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # the furthest from UTC there is
    browser = Browser(create_app(PRODUCTION))
    browser.get("/nothing%0a%7B%22forged%22:1%7D", base_url="https://house.example.com")
    logging.getLogger("app.test").warning("two\nlines and a \u2028 sign: %s", "\x1b[31m")
    written = capsys.readouterr().err
    entries = [json.loads(line) for line in written.rstrip("\n").split("\n")]
    assert len(entries) == 2
    for entry in entries:
        moment = datetime.fromisoformat(entry["asctime"])
        assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
        assert {"levelname", "name", "message", "request_id"} <= set(entry)
    assert entries[0]["message"].startswith("GET (no route) 404")
    assert "forged" not in written


@pytest.mark.asvs("16.2.3")
def test_the_log_goes_to_one_place() -> None:
    create_app(PRODUCTION)
    (handler,) = (one for one in logging.getLogger().handlers if type(one).__module__ == "logging")
    assert isinstance(handler, logging.StreamHandler)
    assert not [
        logger
        for logger in logging.Logger.manager.loggerDict.values()
        if isinstance(logger, logging.Logger)
        and any(isinstance(one, logging.FileHandler) for one in logger.handlers)
    ]
