"""Whatever somebody types: it is refused in one sentence, or it comes out again as it went in."""

import ast
import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from flask_gatehouse import GeneratorError
from flask_gatehouse.answers import LICENCES, QUESTIONS, Answers, refusal
from flask_gatehouse.features import Catalogue, Declaration
from flask_gatehouse.generate import render
from flask_gatehouse.merge import merge
from flask_gatehouse.migrations import Migration, ordered, relinked
from flask_gatehouse.names import with_names
from flask_gatehouse.tags import apply_tags

ROOT = Path(__file__).resolve().parents[2]
# The same examples in each run: a failure in continuous integration can be repeated at home.
steadily = settings(
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
NASTY = "'\"\\`$#%{}[]<>&=:;|~*_\n\r\t\0\x1b\u2028\u202e\ufeff é日本😀\U000e0041"
texts = some.text(
    some.one_of(some.sampled_from(NASTY), some.characters(codec="utf-8")), min_size=1, max_size=60
)
names = texts.filter(lambda text: refusal("project_name", text, None) is None)
answered = some.builds(
    Answers,
    project_name=names.map(str.strip),
    project_slug=some.just("shop"),
    description=names.map(str.strip),
    author=names.map(str.strip),
    email=some.just("ada@example.com"),
    licence=some.sampled_from(LICENCES),
    features=some.just("minimal"),
)
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")


@steadily
@given(some.sampled_from(QUESTIONS), some.text(max_size=230) | texts)
def test_any_answer_is_taken_or_refused_in_one_line(question: str, value: str) -> None:
    sentence = refusal(question, value, ROOT)
    assert sentence is None or (sentence.strip() and len(sentence.splitlines()) == 1)


@steadily
@given(some.dictionaries(some.sampled_from(QUESTIONS), texts | some.none() | some.integers()))
def test_any_context_is_read_or_refused(context: dict[str, object]) -> None:
    whole = {name: context.get(name, "up to site") for name in QUESTIONS}
    for told in (context, whole):
        with pytest.raises(GeneratorError) as refused:
            Answers.read(told, ROOT)
        assert len(str(refused.value).splitlines()) == 1


@steadily
@given(answered)
def test_settings_and_metadata_hold_what_was_answered(answers: Answers) -> None:
    written = with_names(".env.example", EXAMPLE, answers)
    told = dotenv_values(stream=io.StringIO(written), interpolate=False)
    assert told["SITE_NAME"] == answers.project_name
    assert set(told) == set(dotenv_values(stream=io.StringIO(EXAMPLE), interpolate=False))
    project = tomllib.loads(with_names("pyproject.toml", PYPROJECT, answers))["project"]
    assert project["description"] == answers.description
    assert project["authors"] == [{"name": answers.author, "email": answers.email}]


@settings(steadily, max_examples=8)
@given(answered)
def test_a_whole_project_parses_and_names_stand_in_data_alone(answers: Answers) -> None:
    made = render(ROOT, answers).files
    plain = render(ROOT, Answers("Shop", "shop", "S", "Ada", "a@b.co", "MIT", "minimal")).files
    changed = {str(path) for path in made if made[path] != plain.get(path)}
    assert changed <= {".env.example", "LICENSE", "README.md", "pyproject.toml"}
    for path, file in made.items():
        if path.suffix == ".py":
            ast.parse(file.content)
    text = made[PurePosixPath("LICENSE")].content.decode()
    assert answers.author in text
    assert "<script" not in made[PurePosixPath("README.md")].content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien & Söhne",
        "שלום עולם",
        "日本語 \U0001f600",
        'a "b" \\c\\n',
        "$(id) `id` %s %%",
        "-x --y",
    ],
)
def test_the_same_through_cookiecutter_in_a_folder_with_a_blank(
    tmp_path: Path, template: Path, cookiecutter: Callable[..., CompletedProcess[str]], name: str
) -> None:
    out = tmp_path / "mein Plätzchen"
    out.mkdir()
    told = [f"{question}={name}" for question in ("project_name", "description", "author")]
    done = cookiecutter(template, out, *told, "project_slug=shop")
    assert done.returncode == 0, done.stdout + done.stderr
    project = out / "shop"
    assert dotenv_values(project / ".env.example", interpolate=False)["SITE_NAME"] == name
    record = json.loads((project / ".cruft.json").read_text("utf-8"))
    assert record["context"]["cookiecutter"]["description"] == name
    assert tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]


KNOWN = ("red", "green", "blue")
tag_lines = some.lists(
    some.sampled_from(
        [
            "code()",
            "    more = 1",
            "",
            "x = 1  # feature: red",
            "y = 2  # feature: red | blue",
            "# feature: green",
            "<!-- feature: blue -->",
            "# endfeature",
            "<!-- endfeature -->",
            "# file of feature: red",
            "# feature: purple",
            "@decorator",
            "def f() -> None:",
        ]
    ),
    max_size=14,
)


def applied(text: str, on: set[str], where: str) -> str | GeneratorError | None:
    try:
        return apply_tags(text, on, KNOWN, where)
    except GeneratorError as refused:
        return refused


@steadily
@given(tag_lines, some.sets(some.sampled_from(KNOWN)), some.sampled_from(["a.py", "a.md"]))
def test_tags_are_applied_or_refused(lines: list[str], on: set[str], where: str) -> None:
    made = applied("\n".join([*lines, ""]), on, where)
    if isinstance(made, GeneratorError):
        assert len(str(made).splitlines()) == 1
        return
    if made is None:
        assert "red" not in on
        return
    assert "feature" not in made.replace("# file of feature", "")
    assert ("x = 1" in made.split("\n")) <= ("red" in on)
    if on == set(KNOWN):
        for line in ("code()", "@decorator", "def f() -> None:"):
            assert made.split("\n").count(line) == lines.count(line)
    if not made.startswith("# file of"):
        assert apply_tags(made, on, KNOWN, where) == made


@some.composite
def catalogues(draw: some.DrawFn) -> Catalogue:
    """Draw features that need some of those before them."""
    found: list[Declaration] = []
    for number in range(draw(some.integers(1, 8))):
        needs = draw(some.sets(some.sampled_from([one.name for one in found] or [""])))
        offers = ["always", "recommended", "on request"] if number else ["always"]
        offered = draw(some.sampled_from(offers))
        found.append(Declaration(f"f{number}", tuple(sorted(needs - {""})), offered))
    return Catalogue(tuple(found))


@steadily
@given(catalogues(), some.data())
def test_a_choice_holds_what_it_needs_in_order(catalogue: Catalogue, data: some.DataObject) -> None:
    words = ["recommended", "everything", "minimal", *catalogue.names]
    asked = data.draw(some.lists(some.sampled_from(words), min_size=1, max_size=4))
    answer = data.draw(some.sampled_from([",".join(asked), f"up to {catalogue.names[-1]}"]))
    chosen = catalogue.resolve(answer).names
    assert list(chosen) == [name for name in catalogue.names if name in chosen]
    for one in catalogue.declarations:
        assert one.name not in chosen or set(one.needs) <= set(chosen)
    assert catalogue.resolve(catalogue.answer(chosen)).names == chosen


@steadily
@given(some.lists(some.sampled_from(KNOWN), max_size=12), some.sets(some.sampled_from(KNOWN)))
def test_any_choice_of_migrations_is_one_chain(owners: list[str], on: set[str]) -> None:
    chain = [
        Migration(PurePosixPath(f"{n}.py"), str(n), str(n - 1) if n else None, owner)
        for n, owner in enumerate(owners)
    ]
    downs = relinked(reversed(chain), on, head="own")
    kept = [one for one in chain if one.feature in on]
    again = [Migration(one.path, one.revision, downs[one.path], one.feature) for one in kept]
    rooted = [Migration(PurePosixPath("own.py"), "own", None, "site"), *again]
    assert [one.revision for one in ordered(rooted)] == ["own", *(one.revision for one in kept)]


lines = some.lists(some.sampled_from(["a", "b", "    c", "", "=======", "日本"]), max_size=6)


@settings(steadily, max_examples=25)
@given(lines, lines)
def test_who_changed_nothing_gets_the_other_side(mine: list[str], theirs: list[str]) -> None:
    assume(mine != theirs)
    one, other = ("".join(f"{line}\n" for line in side).encode() for side in (mine, theirs))
    for insertions in (True, False):
        assert merge(one, one, other, insertions=insertions).content == other
        assert merge(other, one, one, insertions=insertions).content == other
