"""What makes a password good enough."""

import pytest

from app.accounts.policy import PasswordRefused, check_password, suggest_password

OWN = ("Example House", "Ada Lovelace", "ada@example.com")


def refused(password: str) -> bool:
    try:
        check_password(password, minimum=15, own_words=OWN)
    except PasswordRefused:
        return True
    return False


@pytest.mark.asvs("6.2.1")
def test_length_counts_characters_and_not_bytes() -> None:
    assert refused("ü" * 7 + "xkqzvbw")
    assert not refused("ünï-größe-łódź1")


@pytest.mark.asvs("6.2.4")
@pytest.mark.parametrize(
    "password",
    ["passwordpassword", "Password123456789!", "qwertyuiopasdfgh", "a" * 20, "123456789012345"],
)
def test_a_common_password_is_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.asvs("2.2.3", "6.1.2", "6.2.11")
@pytest.mark.parametrize(
    "password", ["ExampleHouse2026!", "ada.lovelace.1815", "examplehouseexamplehouse"]
)
def test_the_names_that_others_see_are_refused(password: str) -> None:
    assert refused(password)


@pytest.mark.asvs("6.2.5")
@pytest.mark.parametrize(
    "password", ["correct horse battery staple", "orbit-lantern-maple-quiet", "x9" * 5 + "kv&zw"]
)
def test_there_are_no_rules_of_composition(password: str) -> None:
    assert not refused(password)


def test_too_long_is_said_so() -> None:
    with pytest.raises(PasswordRefused, match="at most 256"):
        check_password("kx" * 129, minimum=15, own_words=())


def test_a_suggestion_passes_the_policy() -> None:
    assert not refused(suggest_password())
    assert suggest_password() != suggest_password()
