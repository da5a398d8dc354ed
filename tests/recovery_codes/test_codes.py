"""What a recovery code looks like."""

import pytest

from app.recovery_codes import codes
from tests.totp.conftest import wide


@pytest.mark.asvs("6.5.2", "6.5.3", "11.5.1")
def test_codes_have_120_random_bits_and_no_sign_that_is_misread() -> None:
    made = [codes.new_code() for _ in range(200)]
    assert len(set(made)) == 200
    assert len(codes.ALPHABET) ** codes.LENGTH == 2**120
    seen = set("".join(made))
    assert seen == {*codes.ALPHABET, "-"}
    assert seen.isdisjoint("ILOU")


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89AB-CDEF-GHJK-MNPQ",
        "0123456789abcdefghjkmnpq",
        " 0123 4567 89ab cdef ghjk mnpq\n",
        "O1Z3-4567-89AB-CDEF-GHJK-MNPQ".replace("Z", "2"),
        "oI23-4567-89AB-CDEF-GHJK-MNPQ",
        "0l23_4567_89AB_CDEF_GHJK_MNPQ",
        wide("0123-4567-89AB-CDEF-GHJK-MNPQ"),
    ],
)
def test_a_code_is_the_same_however_it_was_copied_from_paper(typed: str) -> None:
    assert codes.plain(typed) == "0123456789ABCDEFGHJKMNPQ"
