# file of feature: passwords
"""Whatever changes an account asks for fresh proof of presence, or has its reason written here."""

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.core.access import EVERYBODY, access_rules
from tests.conftest import (
    Browser,
    Clock,
    Program,  # feature: api
)
from tests.house.test_rules import UNSAFE, address

PAGES = ("/account",)
# A thief who found an unlocked screen gets these as well, and gains nothing by them.
HARMLESS: dict[str, str] = {}
# feature: profile
HARMLESS |= {
    "profile.change_name": "a name opens nothing",
    "profile.confirm_email": "asking took fresh proof, and the link is another",
}
# endfeature
# feature: security_log
HARMLESS["security_log.not_me"] = "it ends the session that asks, and the owner gets a mail"
# endfeature
# feature: second_factor
HARMLESS["second_factor.forget_browser"] = "a browser is asked for more than before"
# endfeature
# feature: api
PROGRAMS = ("/api/v1/me", "/api/v1/auth")
HARMLESS |= {
    "api.lend_token": "it opens what the cookie opens already, and ends with it",
    "login_api.sign_out": "leaving opens nothing",
    "login_api.reauthenticate": "this is the proof",
}
# feature: profile
HARMLESS |= {
    "profile_api.change_name": "a name opens nothing",
    "profile_api.confirm_email": "asking took fresh proof, and the link is another",
}
# endfeature
# feature: second_factor
HARMLESS |= {
    "second_factor_api.reauthenticate": "this is the proof",
    "second_factor_api.send_for_presence": "asking for a code proves nothing",
    "second_factor_api.forget_browser": "a browser is asked for more than before",
}
# endfeature
# feature: security_log
HARMLESS["security_log_api.not_me"] = "it ends the session that asks, and the owner gets a mail"
# endfeature
# endfeature


def sensitive(app: Flask, *below: str) -> list[tuple[Rule, str]]:
    """Return each route below some paths that changes something for somebody who is signed in."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted(UNSAFE & (rule.methods or set())):
            rules = access_rules(app, rule.endpoint, method)
            open_to_all = rules[0] is EVERYBODY
            if rule.rule.startswith(below) and not open_to_all:
                found.append((rule, method))
    return found


@pytest.mark.asvs("7.5.1")
def test_a_change_without_fresh_proof_is_refused(
    app: Flask, signed_in: Browser, moving_clock: Clock
) -> None:
    token = signed_in.token("/reauthenticate")
    moving_clock.forward(minutes=11)
    walked = 0
    for rule, method in sensitive(app, *PAGES):
        if rule.endpoint not in HARMLESS:
            path = address(app, rule)
            answer = signed_in._go(method, path, data={"csrf_token": token})
            assert answer.status_code == 303, f"{method} {path}"
            assert answer.headers["Location"].startswith("/reauthenticate"), f"{method} {path}"
            walked += 1
    assert walked > 0


# feature: api
@pytest.mark.asvs("7.5.1", "10.3.4")
def test_a_change_by_a_program_without_fresh_proof_is_refused(
    app: Flask, signed_in_program: Program, moving_clock: Clock
) -> None:
    moving_clock.forward(minutes=11)
    walked = 0
    for rule, method in sensitive(app, *PROGRAMS):
        if rule.endpoint not in HARMLESS:
            path = address(app, rule).removeprefix("/api/v1")
            answer = signed_in_program.call(method, path, {})
            assert answer.status_code == 403, f"{method} {path}"
            assert answer.get_json()["code"] == "reauthentication_required", f"{method} {path}"
            walked += 1
    assert walked > 0


# endfeature
def test_what_is_called_harmless_exists(app: Flask) -> None:
    paths = PAGES
    paths += PROGRAMS  # feature: api
    assert set(HARMLESS) <= {rule.endpoint for rule, _ in sensitive(app, *paths)}


@pytest.mark.asvs("6.3.4")
def test_a_link_in_a_mail_is_the_only_change_open_to_a_stranger(app: Flask) -> None:
    """Below /account and /password, what is public takes a secret in its address."""
    for rule in app.url_map.iter_rules():
        if re.match(r"/(account|password)\b", rule.rule) and UNSAFE & (rule.methods or set()):
            rules = access_rules(app, rule.endpoint, "POST")
            if rules[0] is EVERYBODY and rule.endpoint != "passwords.forgot":
                assert "<token>" in rule.rule, rule.rule
