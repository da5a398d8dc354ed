"""A program signs in, stays in, proves presence and leaves."""

from tests.conftest import PASSWORD, Program


def test_tokens_are_given_for_a_password(program: Program, user: str) -> None:
    answer = program.sign_in(user)
    assert answer.status_code == 200
    assert set(answer.json) == {
        "access_token",
        "refresh_token",
        "token_type",
        "expires_in",
        "device",
    }
    assert program.get("/me").json["email"] == user


def test_a_refresh_token_is_good_for_the_next_pair(signed_in_program: Program) -> None:
    before = signed_in_program.refresh_token
    assert signed_in_program.refresh().status_code == 200
    assert signed_in_program.refresh_token != before
    assert signed_in_program.is_signed_in()


def test_presence_is_proved_again(signed_in_program: Program) -> None:
    before = signed_in_program.access_token
    answer = signed_in_program.post("/auth/reauthenticate", {"password": PASSWORD})
    assert answer.status_code == 200
    signed_in_program.access_token = before
    assert not signed_in_program.is_signed_in()
    signed_in_program.keep(answer)
    assert signed_in_program.is_signed_in()


def test_signing_out_ends_both_tokens(signed_in_program: Program) -> None:
    assert signed_in_program.post("/auth/logout").status_code == 204
    assert not signed_in_program.is_signed_in()
    assert signed_in_program.refresh().status_code == 401
