"""What must never happen by what a token says, even where our own key has signed it."""

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.core import clock
from app.core.secrets import new_secret
from app.extensions import db
from tests.api.forge import HEADER, altered, assert_refused, claims_of, present, signed
from tests.conftest import PASSWORD, SETTINGS, Browser, Clock, Mailbox, Program
from tests.tables import Case

HUGE = 10**40
ISSUER = SETTINGS["PUBLIC_URL"]
KINDS = ["JWT", "AT+JWT", "at+jwt ", "application/at+jwt", "", "dpop+jwt", "logout+jwt"]
NO_TEXT = [None, "", " ", 1, 1.5, True, [], {}, ["x"], "\x00", "\ud800"]
NO_TIME = [None, "", "soon", str(HUGE), True, [], {}, 1.5, -1.0, float("nan"), float("inf")]


@pytest.mark.asvs("9.2.1", "9.2.3")
def test_a_name_of_another_kind_is_refused(signed_in_program: Program, case: Case) -> None:
    real = signed_in_program.access_token
    for claim in ("iss", "aud", "sub", "sid", "jti"):
        with case(claim=claim):
            assert_refused(
                signed_in_program, *(altered(real, **{claim: value}) for value in NO_TEXT)
            )
            if claim != "jti":  # an access token's own name is looked up nowhere
                others = ("x", "é", "A" * 500)
                assert_refused(
                    signed_in_program, *(altered(real, **{claim: value}) for value in others)
                )


@pytest.mark.asvs("9.2.1")
@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
def test_a_time_of_another_kind_is_refused(signed_in_program: Program, claim: str) -> None:
    real = signed_in_program.access_token
    times = [*NO_TIME, HUGE, -HUGE, -1, 0, float(claims_of(real)[claim])]
    assert_refused(signed_in_program, *(altered(real, **{claim: value}) for value in times))


@pytest.mark.asvs("9.2.1")
def test_a_token_that_lives_longer_than_ours_is_refused(signed_in_program: Program) -> None:
    real = signed_in_program.access_token
    assert_refused(signed_in_program, altered(real, exp=claims_of(real)["exp"] + 1))


@pytest.mark.asvs("9.2.3", "9.2.4", "10.3.1")
def test_a_token_for_another_place_is_refused(signed_in_program: Program) -> None:
    ours, other = f"{ISSUER}/api", "https://elsewhere.example.com/api"
    places = [ISSUER, f"{ours}/", f"{ours}/v1", f"{ISSUER}/API", f"{ISSUER}/ap", other]
    lists = [[ours], [ours, other], [other, ours], [other]]
    real = signed_in_program.access_token
    assert_refused(signed_in_program, *(altered(real, aud=place) for place in [*places, *lists]))


@pytest.mark.asvs("9.2.3")
def test_a_token_of_another_issuer_is_refused(signed_in_program: Program) -> None:
    issuers = [f"{ISSUER}/", "http://localhost", ISSUER.upper(), [ISSUER], f"{ISSUER}/api"]
    real = signed_in_program.access_token
    assert_refused(signed_in_program, *(altered(real, iss=issuer) for issuer in issuers))


@pytest.mark.asvs("9.2.1")
def test_an_expired_token_is_refused_ten_seconds_after_its_end(
    program: Program, user: str, moving_clock: Clock
) -> None:
    """Two clocks may differ by that much, and no more."""
    program.sign_in(user)
    moving_clock.forward(seconds=904)
    assert program.is_signed_in()
    moving_clock.forward(seconds=7)
    assert_refused(program, program.access_token)


@pytest.mark.asvs("9.2.1")
def test_a_token_is_refused_until_ten_seconds_before_its_time(signed_in_program: Program) -> None:
    real, now = signed_in_program.access_token, int(clock.now().timestamp())
    for early, status in ((8, 200), (13, 401)):
        begins = now + early
        wholly = altered(real, iat=begins, nbf=begins, exp=begins + 60)
        for forged in (wholly, altered(real, nbf=begins)):
            assert present(signed_in_program, forged).status_code == status


@pytest.mark.asvs("9.2.2")
def test_a_token_of_another_kind_is_refused(
    signed_in_program: Program, browser: Browser, mailbox: Mailbox, user: str
) -> None:
    """Only the access token opens the API, and only the refresh token gives the next pair."""
    browser.submit("/password/forgot", email=user)
    mailed = mailbox.last_link(user).rsplit("/", 1)[-1]
    browser.sign_in(user)
    access, refresh = signed_in_program.access_token, signed_in_program.refresh_token
    others = [mailed, browser.cookie(), browser.token("/"), signed_in_program.device, new_secret()]
    others.append(claims_of(access)["sid"])
    others += [signed({**HEADER, "typ": kind}, claims_of(access)) for kind in KINDS]
    assert_refused(signed_in_program, refresh, *others)
    for token in (access, *others):
        answer = signed_in_program.post("/auth/refresh", {"refresh_token": token})
        assert (answer.status_code, answer.json["code"]) == (401, "refresh_token_refused")
    assert signed_in_program.is_signed_in()
    assert signed_in_program.refresh().status_code == 200


@pytest.mark.asvs("7.2.2", "9.2.2")
def test_a_token_is_refused_as_a_cookie(signed_in_program: Program, browser: Browser) -> None:
    for token in (signed_in_program.access_token, signed_in_program.refresh_token):
        browser.put_cookie(token)
        browser.put_cookie(token, "remember_token")
        assert not browser.is_signed_in()


@pytest.mark.asvs("7.4.2")
def test_a_token_of_an_account_that_is_switched_off_or_gone_is_refused(
    app: Flask, signed_in_program: Program, user: str
) -> None:
    for end in (accounts.deactivate, db.session.delete):
        with app.app_context():
            end(accounts.get_user(user))
            db.session.commit()
        assert_refused(signed_in_program, signed_in_program.access_token)
        assert signed_in_program.refresh().json["code"] == "refresh_token_refused"


@pytest.mark.asvs("7.4.1")
def test_a_token_of_a_sign_in_that_is_over_is_refused(signed_in_program: Program) -> None:
    assert signed_in_program.post("/auth/logout").status_code == 204
    assert_refused(signed_in_program, signed_in_program.access_token)
    assert signed_in_program.post("/auth/logout").status_code == 401


@pytest.mark.asvs("8.2.2", "10.3.3")
def test_a_token_that_names_somebody_else_than_its_sign_in_is_refused(
    app: Flask, signed_in_program: Program
) -> None:
    with app.app_context():
        grace = accounts.create(email="g@example.com", name="G", password=PASSWORD, confirmed=True)
        db.session.commit()
        other = grace.public_id
    real, refresh = signed_in_program.access_token, signed_in_program.refresh_token
    assert_refused(signed_in_program, altered(real, sub=other))
    sent = {"refresh_token": altered(refresh, sub=other)}
    assert signed_in_program.post("/auth/refresh", sent).status_code == 401
    assert signed_in_program.is_signed_in()


@pytest.mark.asvs("10.3.2")
def test_a_right_that_a_token_claims_is_refused(signed_in_program: Program) -> None:
    """Who somebody is and what they may do stands in the database (RFC 8725; ASVS 8.3.2)."""
    more = {"name": "Mallory", "email": "m@example.com", "groups": ["admin"], "scope": "*"}
    answer = present(signed_in_program, altered(signed_in_program.access_token, **more))
    assert (answer.json["name"], answer.json["email"]) == ("Ada Lovelace", "ada@example.com")
