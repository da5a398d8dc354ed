"""Whatever is changed in a token, anywhere and in any way: it is refused or it is the same."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.api.forge import assert_refused, decoded, encoded, present
from tests.conftest import Program

pytestmark = pytest.mark.slow

MUCH = settings(
    max_examples=500,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def changed(content: bytes, place: int, taken: int, put: bytes) -> bytes:
    """Return bytes in which some are replaced, left out or put in."""
    start = place % (len(content) + 1)
    return content[:start] + put + content[start + taken :]


CHANGES = st.tuples(st.integers(0, 500), st.integers(0, 5), st.binary(max_size=5))


@pytest.mark.asvs("9.1.1")
@MUCH
@given(part=st.integers(0, 2), change=CHANGES)
def test_a_token_whose_content_is_changed_is_refused(
    signed_in_program: Program, part: int, change: tuple[int, int, bytes]
) -> None:
    parts = signed_in_program.access_token.split(".")
    content = decoded(parts[part])
    mutated = changed(content, *change)
    if mutated != content:
        assert_refused(
            signed_in_program, ".".join([*parts[:part], encoded(mutated), *parts[part + 1 :]])
        )


@pytest.mark.asvs("9.1.1")
@MUCH
@given(change=CHANGES)
@example((500, 0, b"="))
@example((0, 0, b"."))
def test_a_token_whose_text_is_changed_is_refused(
    signed_in_program: Program, change: tuple[int, int, bytes]
) -> None:
    real = signed_in_program.access_token
    text = changed(real.encode(), *change).decode("latin-1")
    if text.strip(" \t") != real:
        raw = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
        answer = signed_in_program.client.get("/api/v1/me", environ_overrides=raw)
        assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")


@pytest.mark.asvs("9.1.1")
@MUCH
@given(
    header=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["alg", "typ", "kid", "crit", "b64", "jku", "jwk", "x5c", "x5u", "cty"]
                )
                | st.text(),
                inner,
            )
        ),
        max_leaves=8,
    )
    | st.binary(max_size=300)
)
def test_whatever_stands_where_the_header_should_be_is_refused(
    signed_in_program: Program, header: object
) -> None:
    """What comes before the signature, anybody may write."""
    _, payload, end = signed_in_program.access_token.split(".")
    assert_refused(signed_in_program, f"{encoded(header)}.{payload}.{end}")


@pytest.mark.asvs("9.1.1")
@MUCH
@given(header=st.text(st.characters(max_codepoint=255), max_size=60))
def test_whatever_the_header_says_the_answer_is_no_failure(
    signed_in_program: Program, header: str
) -> None:
    raw = {"HTTP_AUTHORIZATION": header}
    answer = signed_in_program.client.get("/api/v1/me", environ_overrides=raw)
    assert answer.status_code == 401
    assert answer.json["code"] in ("invalid_token", "unknown_scheme")
    assert present(signed_in_program, signed_in_program.access_token).status_code == 200
