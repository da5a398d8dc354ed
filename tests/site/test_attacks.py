"""What must never happen to the house itself."""

import pytest
from flask import Flask, request

from app import create_app
from app.core.access import public
from app.core.redirects import safe_next
from app.core.settings import SettingsRefused
from tests.conftest import ELSEWHERE, SETTINGS, Browser
from tests.tables import Case

PRODUCTION = {
    **SETTINGS,
    "APP_ENV": "production",
    "PUBLIC_URL": "https://house.example.com",
    # feature: accounts
    "DATABASE_URL": "sqlite:///:memory:",
    "BCRYPT_ROUNDS": "12",
    "SMTP_URL": "smtps://mail.example.com",
    # endfeature
}


@pytest.mark.asvs("1.1.1", "1.2.2", "3.7.2")
@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_next_page_on_another_site_is_refused(target: str) -> None:
    assert safe_next(target) == "/"


@pytest.mark.parametrize("target", ["/ok?x=1#y", "/", "/a/b", "/..//evil.com"])
def test_a_next_page_of_our_own_is_kept(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.asvs("4.1.3")
@pytest.mark.parametrize("host", ["evil.com", "localhost.evil.com", "evil.com:8000", "["])
def test_an_unknown_host_is_refused_in_plain_words(browser: Browser, host: str) -> None:
    answer = browser.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"


def test_a_route_that_declares_nothing_is_closed(app: Flask) -> None:
    @app.get("/forgotten")
    def forgotten() -> str:
        return "secret"

    answer = Browser(app).get("/forgotten")
    assert answer.status_code in (303, 401)
    assert "secret" not in answer.text


@pytest.mark.parametrize("public_above", [True, False])
def test_an_access_mark_counts_above_and_below_the_route(app: Flask, public_above: bool) -> None:
    def view() -> str:
        return "open"

    if public_above:
        public(app.get("/marked")(view))
    else:
        app.get("/marked")(public(view))
    assert Browser(app).get("/marked").text == "open"


@pytest.mark.asvs("2.4.1")
def test_an_oversized_body_is_refused(app: Flask) -> None:
    @app.post("/take")
    @public
    def take() -> str:
        return f"{len(request.get_data())} bytes"

    # feature: accounts
    app.extensions["csrf"].exempt(take)  # what is proved here is the size alone
    # endfeature
    most = app.config["MAX_CONTENT_LENGTH"]
    browser = Browser(app)
    assert browser.post("/take", data=b"x" * most).text == f"{most} bytes"
    refused = browser.post("/take", data=b"x" * (most + 1))
    assert refused.status_code == 413
    assert "Too much at once" in refused.text


@pytest.mark.asvs("3.2.1", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "14.2.2", "14.3.2")
def test_pages_carry_the_security_headers(browser: Browser) -> None:
    headers = browser.get("/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.asvs("3.3.1", "3.3.2", "3.3.3", "3.3.4")
def test_production_is_strict_about_transport_and_cookies() -> None:
    app = create_app(PRODUCTION)
    answer = Browser(app).get("/nothing", base_url="https://house.example.com")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


@pytest.mark.asvs("13.4.2", "15.2.3")
def test_development_parts_do_not_exist_in_production() -> None:
    app = create_app(PRODUCTION)
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev/")]
    answer = Browser(app).get("/dev/mailbox", base_url="https://house.example.com")
    assert answer.status_code == 404


AROUND = ["/.git/config", "/.env", "/wsgi.py", "/static/", "/static/..%2fconfig.py", "/app/"]


@pytest.mark.asvs("11.2.3", "12.2.1", "13.2.3")
@pytest.mark.asvs("13.4.1", "13.4.3")
def test_what_lies_around_the_application_is_not_served(browser: Browser, case: Case) -> None:
    for path in AROUND:
        with case(path=path):
            assert browser.get(path).status_code == 404


@pytest.mark.asvs("13.4.4")
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
def test_a_method_that_is_not_used_is_refused(browser: Browser, method: str) -> None:
    assert browser._go(method, "/").status_code == 405


@pytest.mark.parametrize(
    "change",
    [
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "made-by-make-setup-made-by-make-setup"},
        {"PUBLIC_URL": "http://house.example.com"},
        {"PUBLIC_URL": "https://house.example.com/path"},
        {"PUBLIC_URL": ""},
        {"APP_ENV": "staging"},
        {"APP_ENV": "development"},  # on an address that is not this machine's
        {"TRUSTED_PROXIES": "-1"},
        # feature: accounts
        {"ENCRYPTION_KEYS": "bm90LTMyLWJ5dGVz"},
        {"ENCRYPTION_KEYS": SETTINGS["SECRET_KEY"]},
        {"BCRYPT_ROUNDS": "9"},
        {"PASSWORD_MIN_LENGTH": "7"},
        {"DATABASE_URL": "mysql://host/name"},
        {"SMTP_URL": ""},
        # endfeature
    ],
)
def test_weak_settings_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(SettingsRefused) as refused:
        create_app({**PRODUCTION, **change})
    assert len(refused.value.faults) >= 1


def test_one_value_for_two_secrets_is_refused() -> None:
    same = {"SECRET_KEY_FALLBACKS": SETTINGS["SECRET_KEY"]}
    with pytest.raises(SettingsRefused, match="same as SECRET_KEY"):
        create_app({**PRODUCTION, **same})


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(SettingsRefused) as refused:
        create_app({})
    named = {fault.setting for fault in refused.value.faults}
    assert {"SITE_NAME", "PUBLIC_URL", "SECRET_KEY"} <= named


@pytest.mark.asvs("15.3.4")
def test_a_forged_forwarded_address_is_not_believed(app: Flask) -> None:
    @app.get("/who")
    @public
    def who() -> str:
        return request.remote_addr or ""

    forged = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Host": "evil.com"}
    assert Browser(app).get("/who", headers=forged).text == "127.0.0.1"


@pytest.mark.asvs("15.3.4")
def test_a_forwarded_address_is_believed_from_a_trusted_proxy(settings: dict[str, str]) -> None:
    app = create_app({**settings, "TRUSTED_PROXIES": "1"})

    @app.get("/who")
    @public
    def who() -> str:
        return request.remote_addr or ""

    sent = {"X-Forwarded-For": "6.6.6.6, 7.7.7.7"}
    assert Browser(app).get("/who", headers=sent).text == "7.7.7.7"
