"""What must never happen by the keys: that a guessable one signs, or a former one opens."""

import pytest
from flask import Flask
from flask_jwt_extended import jwt_required

from app import create_app
from app.core.access import public
from app.core.settings import SettingsRefused
from tests.api.forge import HEADER, OUR_KEY, Explorer, assert_refused, claims_of, decoded, signed
from tests.conftest import SETTINGS, Program

NEW_KEY = "k3-for-tests-only-k3-for-tests-only-k3"


def house_with(settings: dict[str, str], *keys: str) -> Flask:
    """Start the same site again, with other keys."""
    return create_app({**settings, "JWT_KEYS": ",".join(keys)})


def carried_over(program: Program, app: Flask) -> Program:
    """Return a program with the same tokens at the site that was started again."""
    other = Program(app)
    other.access_token, other.refresh_token = program.access_token, program.refresh_token
    return other


@pytest.mark.asvs("9.1.3", "11.1.1", "11.2.2")
def test_a_token_of_a_former_key_is_refused_once_that_is_taken_out(
    settings: dict[str, str], signed_in_program: Program
) -> None:
    """Renewed without a break: first both, then the new one alone."""
    program = carried_over(signed_in_program, house_with(settings, NEW_KEY, OUR_KEY))
    assert program.is_signed_in()
    old = program.access_token
    assert program.refresh().status_code == 200
    assert HEADER["kid"].encode() not in decoded(program.access_token.split(".")[0])
    assert program.is_signed_in()
    program = carried_over(program, house_with(settings, NEW_KEY))
    assert program.is_signed_in()
    assert_refused(program, old)
    answer = program.post("/auth/refresh", {"refresh_token": signed_in_program.refresh_token})
    assert answer.json["code"] == "refresh_token_refused"
    assert program.refresh().status_code == 200


@pytest.mark.asvs("9.1.3")
def test_one_key_under_the_name_of_another_is_refused(
    settings: dict[str, str], signed_in_program: Program
) -> None:
    program = carried_over(signed_in_program, house_with(settings, NEW_KEY, OUR_KEY))
    program.refresh()
    claims = claims_of(program.access_token)
    assert_refused(program, signed(HEADER, claims, NEW_KEY))
    nameless = {name: value for name, value in HEADER.items() if name != "kid"}
    assert_refused(program, *(signed(nameless, claims, key) for key in (NEW_KEY, OUR_KEY)))


@pytest.mark.asvs("11.2.1", "11.2.3", "13.3.1")
@pytest.mark.parametrize(
    "keys",
    [
        "",
        ",",
        "secret",
        "x" * 31,
        f"{OUR_KEY},short",
        "made-by-make-setup",
        f"{OUR_KEY},made-by-make-setup-made-by-make-setup",
        SETTINGS["SECRET_KEY"],
        f"{NEW_KEY},{SETTINGS['SECRET_KEY']}",
        SETTINGS["ENCRYPTION_KEYS"],
    ],
)
def test_a_key_that_others_know_or_guess_is_refused_at_start(
    settings: dict[str, str], keys: str
) -> None:
    with pytest.raises(SettingsRefused, match="JWT_KEYS"):
        create_app({**settings, "JWT_KEYS": keys})


def test_the_librarys_own_door_is_refused(app: Flask, user: str) -> None:
    """Its decorator looks neither at the session nor at the kind of a token."""
    app.add_url_rule("/api/v1/side", "side", public(jwt_required()(lambda: "in")))
    program = Explorer(app)
    program.sign_in(user)
    assert program.is_signed_in()
    assert program.get("/side").status_code == 401
