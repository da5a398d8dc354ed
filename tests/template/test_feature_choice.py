"""The question for features: which answer chooses what."""

from pathlib import Path, PurePosixPath

import pytest

from flask_gatehouse import GeneratorError, listing
from flask_gatehouse.features import Catalogue, Declaration, declaration, owner, without

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
        ("up to site", "site"),
        ("Up  to login", "site accounts login"),
        ("up to codes", "site accounts login totp codes"),
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
    ("path", "feature"),
    [
        ("app/totp/otp.py", "totp"),
        ("app/static/totp/setup.js", "totp"),
        ("templates/totp/mail/added.txt", "totp"),
        ("tests/totp/test_attacks.py", "totp"),
        ("docs/tutorial/totp.md", "totp"),
        ("docs/tutorial/totp-extra.md", None),
        ("app/totps/otp.py", None),
        ("app/core/totp/x.py", None),
        ("Makefile", None),
    ],
)
def test_a_feature_owns_what_carries_its_name(path: str, feature: str | None) -> None:
    assert owner(PurePosixPath(path), TOY.names) == feature


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


def test_the_list_of_features_says_what_each_brings(template: Path) -> None:
    described = listing.describe(template)
    for feature in Catalogue.read(template).declarations:
        assert f"{feature.name} ({feature.offered})\n  {feature.summary}\n" in described
        assert feature.summary
    assert "login_session" in listing.tables(template, "login")
    assert listing.packages(template, "login") == ("flask-login",)
