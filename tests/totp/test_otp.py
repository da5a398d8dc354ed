"""The codes themselves: the published vectors, an independent program, and what is taken."""

import subprocess
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.totp import otp
from tests.parts import require_part
from tests.totp.conftest import wide

# RFC 6238, appendix B: the secret is the ASCII text 12345678901234567890; of eight digits there,
# an app shows the last six.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}


@pytest.mark.parametrize(("seconds", "code"), VECTORS.items())
def test_the_vectors_of_the_standard_are_met(seconds: int, code: str) -> None:
    """The last of them lies beyond 2038 and needs more than 32 bits."""
    moment = datetime.fromtimestamp(seconds, UTC)
    assert otp.code_at(SECRET, otp.step_at(moment)) == code[-otp.DIGITS :]


@pytest.mark.process
def test_an_independent_program_agrees() -> None:
    oathtool = require_part("oathtool")
    secret, moment = otp.new_secret(), datetime.now(UTC)
    for days in (0, 1, 400, 9000):
        then = moment + timedelta(days=days)
        ran = subprocess.run(
            [oathtool, "--totp", "-b", secret, "--now", f"{then:%Y-%m-%d %H:%M:%S UTC}"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert ran.stdout.strip() == otp.code_at(secret, otp.step_at(then))


@pytest.mark.asvs("11.5.1")
def test_a_secret_has_as_many_bits_as_the_hash_and_is_new_each_time() -> None:
    secrets = {otp.new_secret() for _ in range(50)}
    assert len(secrets) == 50
    assert {len(pyotp.TOTP(secret).byte_secret()) for secret in secrets} == {20}


@pytest.mark.parametrize(
    "typed",
    ["287082", "287 082", " 287082 ", "287-082", "28\u00a07082", wide("287082"), "\t287082"],
)
def test_a_code_is_taken_however_it_was_typed(typed: str) -> None:
    assert otp.find_step(SECRET, typed, [1]) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "287O82", "-", "None", "\0287082"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert otp.find_step(SECRET, typed, [1]) is None


def test_the_address_names_site_and_account_whatever_they_are_called() -> None:
    address = otp.address(SECRET, account="a+b@example.com", issuer="Müller & Söhne: Shop")
    parsed = pyotp.parse_uri(address)
    assert parsed.secret == SECRET
    assert parsed.name == "a+b@example.com"
