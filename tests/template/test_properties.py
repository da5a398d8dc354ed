"""Whatever somebody types: it is refused in one sentence, or it comes out again as it went in."""

import ast
import functools
import io
import json
import tomllib
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest
from dotenv import dotenv_values
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from flask_gatehouse import GeneratorError
from flask_gatehouse.answers import EMAIL, LICENCES, QUESTIONS, SLUG, Answers, refusal
from flask_gatehouse.features import Catalogue, Declaration
from flask_gatehouse.generate import README_SOURCE, File, render
from flask_gatehouse.merge import merge
from flask_gatehouse.migrations import Migration, ordered, relinked
from flask_gatehouse.names import licence_text, readme, with_names
from flask_gatehouse.tags import TEMPLATE, apply_tags

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
# The same examples in each run: a failure in continuous integration can be repeated at home.
steadily = settings(
    derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)

# What means something to TOML, .env, a shell, Markdown or Python, and letters of any script.
ODD = r"""' " \ ` $HOME ${A} %s # 1. - * _ ~~ | <b> [a](b) <!-- &amp; = { é 日本 😀 שלום n 0"""
BAD = "\n\r\t\0\x1b\x85\u2028\u202e\u2066\ud800"
texts = some.text(some.sampled_from("'{%# " + BAD) | some.characters(), max_size=60)
harmless = some.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
parts = some.sampled_from([mark + space for mark in ODD.split() for space in ("", " ")]) | harmless
words = some.lists(parts, min_size=1, max_size=12).map("".join)


def accepted(question: str, values: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """Draw answers to a question that are not refused, as the generator takes them."""
    taken = values.filter(lambda value: refusal(question, value, ROOT) is None)
    return taken.map(str.strip)


answered = some.builds(
    Answers,
    project_name=accepted("project_name", words),
    project_slug=accepted("project_slug", some.from_regex(SLUG, fullmatch=True)),
    description=accepted("description", words),
    author=accepted("author", words),
    email=accepted("email", some.from_regex(EMAIL, fullmatch=True)),
    licence=some.sampled_from(LICENCES),
    features=some.sampled_from(["minimal", "everything"]),
)
GOOD = Answers("Shop", "shop", "A shop.", "Ada", "ada@example.com", "MIT", "minimal")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
README = (ROOT / README_SOURCE).read_text("utf-8")


def shown(markdown: str) -> str:
    """Return the text that a reader of Markdown sees, without what has become code or HTML."""
    blocks = (block.children or [] for block in MarkdownIt().parse(markdown))
    return "\n".join("".join(p.content for p in parts if p.type == "text") for parts in blocks)


def refused(step: Callable[[], object]) -> str | None:
    """Return the sentence that refuses a step, or None if it was taken; no other error passes."""
    try:
        step()
    except GeneratorError as error:
        return str(error)
    return None


def is_a_line(sentence: str) -> bool:
    """Tell whether a terminal shows a sentence in one line, forwards, and without an error."""
    return bool(sentence.strip()) and sentence.isprintable()


@steadily
@given(some.sampled_from(QUESTIONS), some.text(some.characters(), max_size=230) | texts)
def test_any_answer_is_taken_or_refused_in_one_line(question: str, value: str) -> None:
    for root in (ROOT, None):
        sentence = refusal(question, value, root)
        assert sentence is None or is_a_line(sentence)


@steadily
@given(words, some.sampled_from(BAD), words)
def test_what_breaks_or_turns_a_line_is_refused(before: str, bad: str, after: str) -> None:
    assert refusal("project_name", f"{before}{bad}{after}", None)


@steadily
@given(some.dictionaries(some.sampled_from(QUESTIONS), texts | some.integers(), max_size=3))
def test_any_context_is_read_or_refused(odd: dict[str, object]) -> None:
    sentence = refused(lambda: Answers.read({**asdict(GOOD), **odd}, ROOT))
    assert sentence is None or is_a_line(sentence)
    assert is_a_line(refused(lambda: Answers.read(odd, ROOT)) or "")


@steadily
@example(replace(GOOD, description="- 1. a"))
@given(answered)
def test_what_was_answered_can_be_read_again(answers: Answers) -> None:
    written = with_names(".env.example", EXAMPLE, answers)
    before = dotenv_values(stream=io.StringIO(EXAMPLE), interpolate=False)
    after = dotenv_values(stream=io.StringIO(written), interpolate=False)
    assert after == {**before, "SITE_NAME": answers.project_name, "MAIL_FROM": answers.email}
    project = tomllib.loads(with_names("pyproject.toml", PYPROJECT, answers))["project"]
    assert (project["name"], project["description"]) == (answers.project_slug, answers.description)
    assert project["authors"] == [{"name": answers.author, "email": answers.email}]
    assert answers.author in licence_text(answers)
    seen = shown(readme(README, answers, ()))
    for told in (answers.project_name, answers.description, answers.author):
        assert told in seen


@functools.cache
def plain(features: str) -> dict[PurePosixPath, File]:
    """Render a project with names that need no quotes."""
    return render(ROOT, replace(GOOD, features=features)).files


@settings(steadily, max_examples=8)
@given(answered)
def test_a_whole_project_holds_names_in_data_files_alone(answers: Answers) -> None:
    made = render(ROOT, answers).files
    assert made.keys() == plain(answers.features).keys()
    changed = {str(path) for path in made if made[path] != plain(answers.features)[path]}
    assert changed <= {".env.example", "LICENSE", "README.md", "pyproject.toml"}


@pytest.mark.parametrize("features", ["minimal", "everything"])
def test_every_module_of_a_project_is_python(features: str) -> None:
    for path, file in plain(features).items():
        if path.suffix == ".py":
            ast.parse(file.content, str(path))


@pytest.mark.parametrize(
    "name", ["O'Brien & Söhne", "日本語 😀", 'a "b" \\c\\n', "$(id) `id` %s %%", "-x --y"]
)
def test_the_same_through_cookiecutter_in_a_folder_with_a_blank(
    tmp_path: Path, template: Path, cookiecutter: Callable[..., CompletedProcess[str]], name: str
) -> None:
    out = tmp_path / "mein Plätzchen"
    out.mkdir()
    named = ("project_name", "description", "author")
    done = cookiecutter(template, out, *(f"{one}={name}" for one in named), "project_slug=shop")
    assert done.returncode == 0, done.stdout + done.stderr
    project = out / "shop"
    recorded = json.loads((project / ".cruft.json").read_text("utf-8"))
    assert {recorded["context"]["cookiecutter"][one] for one in named} == {name}
    assert dotenv_values(project / ".env.example", interpolate=False)["SITE_NAME"] == name
    metadata = tomllib.loads((project / "pyproject.toml").read_text("utf-8"))["project"]
    assert {metadata["description"], metadata["authors"][0]["name"]} == {name}
    assert name in (project / "LICENSE").read_text("utf-8")
    assert name in shown((project / "README.md").read_text("utf-8"))


KNOWN = ("red", "green", "blue")
some_features = some.sets(some.sampled_from(KNOWN))
code = some.sampled_from(["code()", "    more = 1", "@decorator", "def f() -> None:", "", ""])
# A line as the template has it, the code in it, and the features that all must be chosen for it.
Line = tuple[str, str, set[str]]


def line(code: str, feature: str) -> Line:
    """Tag a line of code with a feature, or leave it alone."""
    if not (code and feature):
        return code, code, set()
    return f"{code}  # feature: {feature}", code, {feature}


def block(above: list[Line], feature: str, inside: list[Line], below: list[Line]) -> list[Line]:
    """Put lines into a block of a feature, between others."""
    tagged = [(text, code, {feature, *needed}) for text, code, needed in inside]
    opened, closed = (f"# feature: {feature}", "", set[str]()), ("# endfeature", "", set[str]())
    return [*above, opened, *tagged, closed, *below]


features = some.sampled_from([*KNOWN, TEMPLATE])
untied = some.lists(some.builds(line, code, features | some.just("")), max_size=4)
tagged_files = some.recursive(
    untied, lambda inner: some.builds(block, untied, features, inner, inner), max_leaves=8
)


@steadily
@given(tagged_files, some_features, some.sampled_from(["a.py", "a.md"]))
def test_a_line_stays_if_all_its_features_were_chosen(
    lines: list[Line], on: set[str], where: str
) -> None:
    text = "".join(f"{text}\n" for text, _, _ in lines)
    made = apply_tags(text, on, KNOWN, where)
    assert made is not None
    kept = [code for _, code, needed in lines if code and needed <= on]
    assert [line for line in made.split("\n") if line] == kept
    assert apply_tags(made, on, KNOWN, where) == made
    if "# endfeature" in text:  # where nothing is taken out, nothing is tidied
        assert ("\n\n\n\n" in made) <= ("\n\n\n\n" in text)
        assert made == "" or made.rstrip("\n") + "\n" == made


odd_lines = ["# feature: green", "<!-- feature: blue -->", "# endfeature", "<!-- endfeature -->"]
odd_lines += ["# file of feature: red", "x  # feature: purple", "x  # feature: red |", "code()", ""]


@steadily
@given(some.lists(some.sampled_from(odd_lines) | texts, max_size=10), some_features)
def test_odd_tags_are_taken_or_refused_in_one_line(lines: list[str], on: set[str]) -> None:
    sentence = refused(lambda: apply_tags("\n".join(lines), on, KNOWN, "a.py"))
    assert sentence is None or is_a_line(sentence)


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


def is_whole(catalogue: Catalogue, chosen: tuple[str, ...]) -> bool:
    """Tell whether features stand in order, with all they need."""
    needs = {one.name: set(one.needs) for one in catalogue.declarations}
    in_order = tuple(name for name in catalogue.names if name in chosen)
    return chosen == in_order and all(needs[name] <= {*chosen} for name in chosen)


@steadily
@given(catalogues(), some.data())
def test_a_choice_holds_what_it_needs_in_order(catalogue: Catalogue, data: some.DataObject) -> None:
    named = some.sampled_from(["recommended", "everything", "minimal", *catalogue.names])
    listed = some.lists(named, min_size=1, max_size=4).map(",".join)
    chapters = some.sampled_from(catalogue.names).map("up to {}".format)
    chosen = catalogue.resolve(data.draw(listed | chapters)).names
    assert is_whole(catalogue, chosen)
    assert catalogue.resolve(catalogue.answer(chosen)).names == chosen


@steadily
@given(catalogues(), some.data())
def test_a_feature_joins_with_what_it_needs(catalogue: Catalogue, data: some.DataObject) -> None:
    chapter = data.draw(some.sampled_from(catalogue.names))
    present = catalogue.resolve(f"up to {chapter}").names
    feature = data.draw(some.sampled_from(catalogue.names))
    if feature in present:
        with pytest.raises(GeneratorError):
            catalogue.joined(present, feature)
        return
    joined = catalogue.joined(present, feature)
    assert is_whole(catalogue, joined.names)
    brought = {name for name, _ in joined.brought}
    assert {*joined.names} == {*present, feature} | brought
    assert not brought & {*present, feature}


@steadily
@given(some.lists(some.sampled_from(KNOWN), max_size=12), some_features)
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


some_lines = some.sampled_from([b"a\n", b"b\n", b"  c\n", b"\n", b"\xff\r\n", b"no end"])
sides = some.lists(some_lines, max_size=6).map(b"".join)


@settings(steadily, max_examples=25)
@given(sides, sides, some.booleans())
def test_who_changed_nothing_gets_the_other_side(
    one: bytes, other: bytes, insertions: bool
) -> None:
    # Either side has changed something, or both have changed the same.
    for mine, base, theirs in ((one, one, other), (other, one, one), (other, one, other)):
        merged = merge(mine, base, theirs, insertions=insertions)
        assert (merged.content, merged.conflicts) == (other, 0)
