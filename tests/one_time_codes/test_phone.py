"""Phone numbers: one spelling, and none that costs."""

import pytest

from app.one_time_codes.phone import NumberRefused, masked, normalize


@pytest.mark.parametrize(
    ("typed", "countries", "number"),
    [
        ("+49 170 1234567", (), "+491701234567"),
        ("+49 (0)170 / 123-45-67", (), "+491701234567"),
        ("0170 1234567", ("DE",), "+491701234567"),
        ("+44 7400 123456", ("DE", "GB"), "+447400123456"),
        ("+1 650 253 0000", (), "+16502530000"),  # its plan does not tell mobile from fixed
    ],
)
def test_a_number_has_one_spelling(typed: str, countries: tuple[str, ...], number: str) -> None:
    assert normalize(typed, countries) == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "country in front"),
        ("0170 1234567", "country in front"),
        ("hello", "country in front"),
        ("+49 170 1", "no such number"),
        ("+999 170 1234567", "country in front"),
        ("+49 900 1234567", "mobile phones only"),  # premium rate
        ("+49 180 1234567", "mobile phones only"),  # shared cost
        ("+49 800 1234567", "mobile phones only"),  # free of charge
        ("+49 30 1234567", "mobile phones only"),  # in a house
        ("+1 900 234 5678", "mobile phones only"),  # premium rate
        ("+491701234567; +491701234568", "country in front"),
        ("<script>alert(1)</script>", "country in front"),
        ("+" + "1" * 5000, "country in front"),
    ],
)
def test_what_is_no_mobile_number_is_refused(typed: str, said: str) -> None:
    with pytest.raises(NumberRefused, match=said):
        normalize(typed, ())


def test_a_number_of_a_country_that_nobody_sends_to_is_refused() -> None:
    with pytest.raises(NumberRefused, match="these countries only: DE, AT"):
        normalize("+44 7400 123456", ("DE", "AT"))


def test_a_number_is_shown_by_its_end_alone() -> None:
    assert masked("+491701234567") == "•••• 67"
