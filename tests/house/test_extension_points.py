"""Extension points, bridges and the registry: what features add, and what is refused at start."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from app.core.extension import (
    ContributionRefused,
    ExtensionPoint,
    SingleExtensionPoint,
    registering,
)
from app.core.feature import Feature, Permission
from app.core.registry import (
    DeclarationRefused,
    bridges,
    load_features,
    register_features,
    registry,
)


class Lamp:
    """What the extension points of these tests take."""

    def __init__(self, name: str = "lamp") -> None:
        self.name = name


LAMPS = ExtensionPoint[Lamp]("tests.LAMPS", Lamp, key=lambda lamp: lamp.name)
WORDS = ExtensionPoint[object]("tests.WORDS", callable)
ONE = SingleExtensionPoint[str]("tests.ONE", str)


@pytest.fixture
def bare() -> Flask:
    """An application without features."""
    return Flask(__name__)


def test_contributions_are_read_in_order_and_belong_to_one_application(bare: Flask) -> None:
    other = Flask(__name__)
    for feature, names in (("loans", ("first", "second")), ("shelf", ("third",))):
        with registering(bare, feature):
            LAMPS.add(bare, *map(Lamp, names))
    LAMPS.add(other, Lamp("elsewhere"))
    with bare.app_context():
        assert [lamp.name for lamp in LAMPS] == ["first", "second", "third"]
        assert ONE.get() is None
    owners = [(feature, lamp.name) for feature, lamp in LAMPS.by_feature(bare)]
    assert owners == [("loans", "first"), ("loans", "second"), ("shelf", "third")]
    with other.app_context():
        assert [lamp.name for lamp in LAMPS] == ["elsewhere"]
    with Flask(__name__).app_context():
        assert list(LAMPS) == []


@pytest.mark.parametrize(
    ("point", "contributions", "words"),
    [
        (LAMPS, ["a word"], "loans: tests.LAMPS takes a Lamp, not 'a word'."),
        (LAMPS, [Lamp], "loans: tests.LAMPS takes a Lamp, not <class"),  # a class for an object
        (LAMPS, [Lamp(), Lamp()], "loans: tests.LAMPS has 'lamp' already, from loans."),
        (WORDS, ["service:words"], "loans: tests.WORDS takes a function, not 'service:words'."),
        (WORDS, [print, print], "loans: tests.WORDS has <built-in function print> already"),
        (ONE, ["a", "b"], "loans: tests.ONE takes one contribution, and loans has added it."),
    ],
)
def test_a_wrong_contribution_is_refused_with_the_name_of_its_feature(
    bare: Flask, point: ExtensionPoint[object], contributions: list[object], words: str
) -> None:
    with pytest.raises(ContributionRefused) as refused, registering(bare, "loans"):
        point.add(bare, *contributions)
    assert str(refused.value).startswith(words)


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The package of a feature, in a folder of its own."""
    write(tmp_path, "shelf/__init__.py", "calls = []\ndef init_app(app): calls.append('shelf')\n")
    bridge = "import shelf\ndef init_app(app): shelf.calls.append('loans')\n"
    write(tmp_path, "shelf/loans.py", bridge)
    write(tmp_path, "shelf/absent.py", "raise AssertionError\n")
    write(tmp_path, "shelf/service.py", "raise AssertionError\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shelf", raising=False)
    monkeypatch.delitem(sys.modules, "shelf.loans", raising=False)
    import shelf  # type: ignore[import-not-found]

    module: ModuleType = shelf
    return module


def test_a_bridge_is_imported_where_both_of_its_features_are(package: ModuleType) -> None:
    (found,) = bridges(package, ["loans", "shelf"])
    assert found.__name__ == "shelf.loans"
    assert list(bridges(package, ["shelf"])) == []


def test_a_bridge_that_lies_with_the_earlier_feature_is_refused(package: ModuleType) -> None:
    words = r"loans comes after shelf .* so app/shelf/loans\.py belongs in app/loans\."
    with pytest.raises(DeclarationRefused, match=words):
        list(bridges(package, ["shelf", "loans"]))


def test_a_bridge_is_registered_right_after_its_feature(
    bare: Flask, package: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    loans = ModuleType("app.loans")
    vars(loans).update(__path__=[], init_app=lambda _: vars(package)["calls"].append("first"))
    monkeypatch.setitem(sys.modules, "app.loans", loans)
    monkeypatch.setitem(sys.modules, "app.shelf", package)
    register_features(bare, (Feature("loans"), Feature("shelf")))
    assert vars(package)["calls"] == ["first", "shelf", "loans"]
    with bare.app_context():
        assert registry().has("shelf")
        assert not registry().has("absent")


def test_a_feature_that_registers_nothing_is_refused(
    bare: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "app.shelf", ModuleType("app.shelf"))
    with pytest.raises(DeclarationRefused, match=r"app\.shelf has no init_app\(app\)"):
        register_features(bare, (Feature("shelf"),))


def test_a_permission_of_two_features_is_refused(bare: Flask) -> None:
    permissions = (Permission("shelf:read", "Look."),)
    features = (Feature("a", permissions=permissions), Feature("b", permissions=permissions))
    with pytest.raises(DeclarationRefused, match="b declares shelf:read again"):
        register_features(bare, features)


def test_a_folder_that_declares_another_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("app.shelf")
    vars(module).update(feature=Feature("shelves"))
    monkeypatch.setitem(sys.modules, "app.shelf", module)
    with pytest.raises(DeclarationRefused, match="app/shelf declares itself as shelves"):
        load_features(["shelf"])
