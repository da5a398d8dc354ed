"""Tags: which lines and files a project gets."""

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.tags import apply_tags

KNOWN = ("site", "login", "api", "totp")


def applied(text: str, *on: str) -> str | None:
    return apply_tags(text, on, KNOWN, "app/example.py")


@pytest.mark.parametrize(
    "line",
    [
        "a  # feature: api",
        "a  // feature: api",
        "a  -- feature: api",
        "a <!-- feature: api -->",
        "a {# feature: api #}",
        "a /* feature: api */",
        "a  #feature:api",
    ],
)
def test_a_line_stays_only_with_its_feature_and_loses_its_tag(line: str) -> None:
    assert applied(f"x\n{line}\ny\n", "api") == "x\na\ny\n"
    assert applied(f"x\n{line}\ny\n", "login") == "x\ny\n"


@pytest.mark.parametrize("names", ["api | totp", "api,totp", "totp|api"])
def test_any_of_several_names_keeps_a_line(names: str) -> None:
    assert applied(f"a  # feature: {names}\n", "api") == "a\n"
    assert applied(f"a  # feature: {names}\n", "login") == ""


def test_a_block_goes_with_its_tags_and_blocks_nest() -> None:
    text = "1\n# feature: login\n2\n    # feature: api\n3\n    # endfeature\n4\n# endfeature\n5\n"
    assert applied(text, "login", "api") == "1\n2\n3\n4\n5\n"
    assert applied(text, "login") == "1\n2\n4\n5\n"
    assert applied(text, "api") == "1\n5\n"


def test_a_whole_file_goes_with_its_feature_and_loses_its_first_line() -> None:
    text = '<!-- file of feature: api -->\n# The "API"\n'
    assert applied(text, "api") == '# The "API"\n'
    assert applied(text, "login") is None


def test_lines_of_the_template_reach_no_project() -> None:
    assert applied("a\nb  # feature: template\n", *KNOWN) == "a\n"
    assert applied("# file of feature: template\na\n", *KNOWN) is None


def test_text_that_only_mentions_tags_is_left_alone() -> None:
    text = "Write `# feature: api` at the end.\nthe feature: api\r\nno newline at the end"
    assert applied(text) == text


def test_a_block_at_the_end_leaves_no_blank_lines() -> None:
    text = "1\n\n\n# feature: api\n2\n\n\n# endfeature\n"
    assert applied(text) == "1\n"
    assert applied(text, "api") == "1\n\n\n2\n"


def test_windows_line_ends_stay() -> None:
    assert applied("a  # feature: api\r\nb\r\n", "api") == "a\r\nb\r\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# feature: api\na\n", "app/example.py: a feature block is not closed."),
        ("a\n# endfeature\n", "app/example.py:2: endfeature closes no block."),
        ("a  # feature: pai\n", "app/example.py:1: the tag names no feature: pai."),
        ("# file of feature: pai\n", "app/example.py: the tag names no feature: pai."),
    ],
)
def test_a_tag_that_cannot_be_right_stops_generation(text: str, sentence: str) -> None:
    with pytest.raises(GeneratorError) as refused:
        applied(text)
    assert str(refused.value) == sentence
