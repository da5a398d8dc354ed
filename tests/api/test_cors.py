"""Pages of other sites: kept out by their browser, unless they are listed."""

import pytest
from flask import Flask

from app import create_app
from app.core.settings import SettingsRefused
from tests.api.forge import Explorer
from tests.conftest import Browser

LISTED = "https://app.example.com"
OTHERS = [
    "https://evil.example.com",
    "https://app.example.com.evil.com",
    "https://evil-app.example.com",
    "https://appXexample.com",
    "https://app.example.com:8443",
    "http://app.example.com",
    "https://app.example.com/",
    "app.example.com",
    "null",
    "*",
    "",
    f"{LISTED}, https://evil.example.com",
    f"{LISTED} https://evil.example.com",
]
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def told(program: Explorer, origin: str, path: str = "/me") -> set[str]:
    """Return what a browser at a page of this origin is told, in an answer or before it."""
    answers = [
        program.get(path, headers={"Origin": origin}),
        program.call("OPTIONS", path, headers={"Origin": origin, **PREFLIGHT}),
    ]
    return {
        f"{name}: {value}"
        for answer in answers
        for name, value in answer.headers
        if name.startswith("Access-Control-Allow")
    }


@pytest.mark.asvs("3.4.2")
def test_every_other_site_is_refused_where_none_is_listed(app: Flask) -> None:
    for origin in (LISTED, *OTHERS, "http://localhost:8000"):
        assert told(Explorer(app), origin) == set(), origin


@pytest.mark.asvs("3.4.2", "3.5.2")
def test_a_site_that_is_not_listed_is_refused(settings: dict[str, str]) -> None:
    program = Explorer(create_app({**settings, "API_ORIGINS": f"{LISTED}, http://localhost:3000"}))
    for origin in OTHERS:
        for path in ("/nothing", "/../../login"):
            assert told(program, origin, path) == set(), origin


@pytest.mark.asvs("3.4.2")
def test_a_listed_site_gets_through_without_cookies(settings: dict[str, str]) -> None:
    app = create_app({**settings, "API_ORIGINS": f"{LISTED}, http://localhost:3000"})
    program = Explorer(app)
    for origin in (LISTED, "http://localhost:3000"):
        asked = program.call("OPTIONS", "/me", headers={"Origin": origin, **PREFLIGHT})
        assert asked.status_code == 200
        assert asked.headers["Access-Control-Allow-Origin"] == origin
        assert (
            asked.headers["Access-Control-Allow-Headers"].lower() == "authorization, content-type"
        )
        assert asked.headers["Access-Control-Max-Age"] == "600"
        answer = program.get("/me", headers={"Origin": origin})
        assert (answer.status_code, answer.json["code"]) == (401, "credentials_missing")
        assert answer.headers["Access-Control-Allow-Origin"] == origin
        for said in (asked, answer):
            assert "Access-Control-Allow-Credentials" not in said.headers
            assert "Origin" in said.headers["Vary"]
    missing = program.get("/nothing", headers={"Origin": LISTED})
    assert missing.headers["Access-Control-Allow-Origin"] == LISTED


@pytest.mark.asvs("3.4.2")
def test_pages_are_refused_to_listed_sites_too(settings: dict[str, str], app: Flask) -> None:
    browser = Browser(create_app({**settings, "API_ORIGINS": LISTED}))
    for path in ("/", "/health/live", "/apifoo", "/account/token"):
        answer = browser.get(path, headers={"Origin": LISTED})
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_what_is_no_origin_is_refused_by_the_setting(settings: dict[str, str]) -> None:
    """A pattern would be one to the library, and match the beginning of strangers' names."""
    wrong = ["*", "https://*", "https://*.example.com", "null", "app.example.com", f"{LISTED}/"]
    wrong += [f"{LISTED}/path", "https://user@example.com", "ftp://example.com", "https://"]
    wrong += ["https://exam.ple[com]", "https://(a|b).com", "https://App.example.com", f"^{LISTED}"]
    wrong += [
        "https://.com",
        "https://a..com",
        "https://a.com:",
        "https://a.com?x",
        "https://a.com\\",
    ]
    for value in (*wrong, f"{LISTED}, *"):
        with pytest.raises(SettingsRefused, match="API_ORIGINS"):
            create_app({**settings, "API_ORIGINS": value})
