"""The question for features: which answer chooses what."""

import re
import sys
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from subprocess import CompletedProcess

import pytest

from flask_gatehouse import GeneratorError
from flask_gatehouse.features import Catalogue, Declaration, declaration, features_of, without

Run = Callable[..., CompletedProcess[str]]
LIST = '''"""The features."""

FEATURES: tuple[str, ...] = (
    "site",  # first
    # before login: somebody has to exist
    # before they can sign in
    "accounts",
    "login",
    "totp",
    "codes",
    "phone",
)
'''
TOY = Catalogue(
    (
        Declaration("site"),
        Declaration("accounts", ("site",)),
        Declaration("login", ("accounts",)),
        Declaration("totp", ("login",), "recommended"),
        Declaration("codes", ("totp",), "on request"),
        Declaration("phone", ("codes",), "on request"),
    )
)


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("minimal", "site accounts login"),
        ("recommended", "site accounts login totp"),
        ("everything", "site accounts login totp codes phone"),
        ("totp", "site accounts login totp"),
        ("phone,totp", "site accounts login totp codes phone"),
        (" Recommended , CODES ", "site accounts login totp codes"),
        ("MINIMAL,totp,totp", "site accounts login totp"),
        ("minimal,everything", "site accounts login totp codes phone"),
        ("site", "site accounts login"),
        ("up to site", "site"),
        ("Up  to login", "site accounts login"),
        ("up to codes", "site accounts login totp codes"),
        ("UP TO\tCODES ", "site accounts login totp codes"),
    ],
)
def test_an_answer_chooses_features_in_order(answer: str, names: str) -> None:
    assert TOY.resolve(answer).names == tuple(names.split())


def test_what_a_choice_needs_is_brought_along_and_said() -> None:
    said = TOY.resolve("phone").said()
    assert said == "Brought along: totp (codes needs it), codes (phone needs it)."
    assert TOY.resolve("everything").said() == ""
    assert TOY.resolve("totp").said() == ""


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("totpp", "There is no feature 'totpp'; did you mean totp?"),
        ("recommended totp", "There is no feature 'recommended totp'; choose from"),
        ("totp,", "There is no feature ''; choose from site, accounts"),
        ("up to heaven", "There is no feature 'heaven'; choose from"),
        ("up to", "There is no feature 'up to'; choose from"),
        ("up to login,totp", "There is no feature 'login,totp'; did you mean login?"),
        ("totp,up to login", "There is no feature 'up to login'; did you mean login?"),
    ],
)
def test_an_unknown_word_is_refused_in_one_sentence(answer: str, sentence: str) -> None:
    with pytest.raises(GeneratorError) as refused:
        TOY.resolve(answer)
    assert str(refused.value).startswith(sentence)


def test_a_line_of_the_list_goes_with_the_reason_above_it() -> None:
    kept = without(LIST, ["accounts", "phone", "totp"])
    assert kept == LIST.replace(
        LIST[LIST.index("    # before") : LIST.index('    "login"')], ""
    ).replace('    "totp",\n', "").replace('    "phone",\n', "")
    assert "before" not in kept


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("app/totp/otp.py", ("totp",)),
        ("app/static/totp/setup.js", ("totp",)),
        ("templates/totp/mail/added.txt", ("totp",)),
        ("tests/totp/test_attacks.py", ("totp",)),
        ("docs/tutorial/totp.md", ("totp",)),
        ("docs/tutorial/totp-extra.md", ()),
        ("app/totps/otp.py", ()),
        ("app/core/totp/x.py", ()),
        ("Makefile", ()),
        # Bridges: the other feature is a word of the file's name, or of a folder's.
        ("app/codes/totp.py", ("codes", "totp")),
        ("app/codes/totp_schemas.py", ("codes", "totp")),
        ("app/codes/own_totp.py", ("codes", "totp")),
        ("tests/codes/test_totp.py", ("codes", "totp")),
        ("templates/codes/totp/page.html", ("codes", "totp")),
        ("app/codes/subtotp.py", ("codes",)),
        ("app/codes/totps.py", ("codes",)),
        ("app/codes/codes.py", ("codes",)),
    ],
)
def test_a_file_belongs_to_the_features_in_its_name(path: str, names: tuple[str, ...]) -> None:
    assert features_of(PurePosixPath(path), TOY.names) == names


def write_feature(root: Path, name: str, source: str) -> None:
    (root / "app" / name).mkdir(parents=True)
    (root / "app" / name / "__init__.py").write_text(source, "utf-8")


def test_declarations_are_read_without_importing_them(tmp_path: Path) -> None:
    source = 'import nothing_like_it\nfeature = Feature("totp", needs=("login",), commands=(x,))\n'
    write_feature(tmp_path, "totp", source)
    assert declaration(tmp_path, "totp") == Declaration("totp", ("login",))


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ('feature = Feature("topt")', "declares itself as topt"),
        ('feature = Feature("totp", needs=NEEDS)', "must be written out"),
        ("feature = Feature()", "does not say feature"),
        ("x = 1", "does not hold feature"),
    ],
)
def test_a_declaration_the_generator_cannot_read_is_refused(
    tmp_path: Path, source: str, part: str
) -> None:
    write_feature(tmp_path, "totp", source)
    with pytest.raises(GeneratorError, match=part):
        declaration(tmp_path, "totp")


def test_a_need_that_comes_later_is_refused(tmp_path: Path) -> None:
    write_feature(tmp_path, "api", 'feature = Feature("api", needs=("login",))')
    write_feature(tmp_path, "login", 'feature = Feature("login")')
    (tmp_path / "app" / "features.py").write_text('FEATURES = ("api", "login")\n', "utf-8")
    with pytest.raises(GeneratorError, match="api needs login before it"):
        Catalogue.read(tmp_path)


def test_the_list_says_what_each_feature_brings_and_needs(template: Path, run: Run) -> None:
    done = run([sys.executable, "-m", "flask_gatehouse", "features"], template)
    assert done.returncode == 0, done.stderr
    declared = Catalogue.read(template).declarations
    paragraphs = done.stdout.split("\n\n")
    for one, paragraph in zip(declared, paragraphs, strict=True):
        head, summary, *facts = paragraph.splitlines()
        assert (head, summary) == (f"{one.name} ({one.offered})", f"  {one.summary}")
        assert [fact for fact in facts if fact.startswith("  needs: ")] == (
            [f"  needs: {', '.join(one.needs)}"] if one.needs else []
        )


def test_the_list_names_every_table_once_and_every_package(template: Path, run: Run) -> None:
    """Against the models and the requirements, which the list itself is not made from."""
    said = run([sys.executable, "-m", "flask_gatehouse", "features"], template).stdout
    listed = {
        fact: sorted(", ".join(re.findall(rf"^  {fact}: (.+)$", said, re.MULTILINE)).split(", "))
        for fact in ("tables", "packages")
    }
    models = "".join(path.read_text("utf-8") for path in template.glob("app/*/models.py"))
    core = "".join(path.read_text("utf-8") for path in template.glob("app/core/*.py"))
    assert listed["tables"] == sorted(re.findall(r'__tablename__ = "(\w+)"', models + core))
    pyproject = (template / "pyproject.toml").read_text("utf-8")
    required = pyproject.partition("dependencies = [")[2].partition("\n]\n")[0]
    # A package that two features need is named with both.
    assert set(listed["packages"]) == set(re.findall(r'^    "([\w-]+)', required, re.MULTILINE))
    assert "login (always)" in said
    assert "\n  tables: login_session, known_device\n  packages: flask-login\n" in said


def test_cookiecutter_says_what_it_brought_along(
    changed_template: Path, tmp_path: Path, cookiecutter: Run
) -> None:
    listed = changed_template / "app" / "features.py"
    for name, need in (("tea", "login"), ("cup", "tea")):
        told = f'feature = Feature("{name}", needs=("{need}",), offered="on request")\n'
        write_feature(changed_template, name, told)
        listed.write_text(f'{listed.read_text("utf-8")[:-2]}    "{name}",\n)\n', "utf-8")
    done = cookiecutter(changed_template, tmp_path, "features=cup")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Brought along: tea (cup needs it).\nNext: ")
    assert (tmp_path / "my-flask-app" / "app" / "tea").is_dir()
