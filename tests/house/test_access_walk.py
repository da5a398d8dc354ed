# file of feature: login
"""Every route is asked by everybody, and answers as its marks say.

What is expected is worked out from the table of routes and the marks, so a route that is yet to
come is walked as well. What is seen is the answer, and whether the view was reached at all.
"""

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Blueprint, abort
from flask.views import MethodView

from app import create_app
from app.core.access import check_access, recently_authenticated, signed_in
from app.core.face import AUTHENTICATORS  # feature: api
from app.core.feature import Feature  # feature: api
from app.core.project import ROOT
from app.features import FEATURES
from tests.added_feature import add_feature  # feature: api
from tests.conftest import Clock
from tests.house.planted import HOSTILE
from tests.house.walk import (
    PEOPLE,
    Badge,  # feature: api
    Known,
    Walk,
)

pytestmark = pytest.mark.slow

KNOWN: list[Known] = [
    import_module(f"tests.{name}.walk").KNOWN
    for name in FEATURES
    if (ROOT / "tests" / name / "walk.py").exists()
]


@pytest.fixture
def new_walk(
    settings: dict[str, str],
    tmp_path: Path,
    empty_tables: Path,
    moving_clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Walk]]:
    """Begin a walk through the house, with the blueprints of a test besides."""
    # feature: api
    add_feature(
        monkeypatch,
        Feature("badges", needs=("api",)),
        lambda app: AUTHENTICATORS.add(app, Badge()),
    )
    # endfeature
    shutil.copy(empty_tables, tmp_path / "test.db")
    application = create_app(settings)

    def begin(*blueprints: Blueprint) -> Walk:
        for blueprint in blueprints:
            application.register_blueprint(blueprint)
        begun.append(Walk(application, moving_clock, tmp_path / "test.db", KNOWN))
        return begun[-1]

    begun: list[Walk] = []
    yield begin
    for walk in begun:
        walk.kept.close()


CALLERS = ["anonymous", *PEOPLE]
CALLERS += ["service"]  # feature: api


@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1", "1.2.1")
@pytest.mark.parametrize("who", CALLERS)
def test_every_route_answers_as_its_marks_say(new_walk: Callable[..., Walk], who: str) -> None:
    walk = new_walk()
    assert walk.faults(who, fresh=True) == []
    walk.clock.forward(minutes=11)
    assert walk.faults(who, fresh=False) == []
    missing = {page for feature in KNOWN for page in feature.shown.get(who, ())} - walk.shown
    assert missing == set(), "these do not show what the user wrote, so they prove nothing"


class Shelf(MethodView):
    """A page whose method asks for more than its blueprint does."""

    @recently_authenticated()
    def get(self) -> str:
        return "secret"


BROKEN: dict[str, tuple[str, Callable[..., Any]]] = {
    "broke with 500": ("/breaks", lambda: abort(500)),
    "nobody said whose place": ("/<uuid:place>", lambda place: f"{place}"),
    "believes what": ("/page", lambda: f'<input value="{HOSTILE}">'),
    "a thing of somebody else's: 200": ("/<uuid:public_id>", lambda public_id: f"{public_id}"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_route_that_answers_otherwise_is_found(
    new_walk: Callable[..., Walk], monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(f"{__name__}.KNOWN", [*KNOWN, Known({("toy", "public_id"): uuid4})])
    path, view = BROKEN[fault]
    toy = signed_in(Blueprint("toy", __name__, url_prefix="/toy"))
    toy.add_url_rule(path, "page", view)
    found = new_walk(toy).faults("other user", fresh=True, below="/toy")
    assert {line.partition("): ")[2].startswith(fault) for line in found} == {True}


def test_a_route_that_declares_nothing_is_found(new_walk: Callable[..., Walk]) -> None:
    toy = Blueprint("toy", __name__)
    toy.add_url_rule("/toy", "page", lambda: "seen")
    found = new_walk(toy).faults("anonymous", fresh=True, below="/toy")
    assert found == [f"{method} /toy (toy.page): declares nothing" for method in ("GET", "HEAD")]


def test_marks_that_nothing_reads_are_found(new_walk: Callable[..., Walk]) -> None:
    toy = signed_in(Blueprint("toy", __name__))
    toy.add_url_rule("/toy", "page", lambda: "seen")
    walk = new_walk(toy)
    walk.app.before_request_funcs[None].remove(check_access)
    found = walk.faults("anonymous", fresh=True, below="/toy")
    assert len(found) == 2
    assert "expected who are you, got 200 OK" in found[0]


@pytest.mark.asvs("8.3.1")
def test_asking_for_the_head_of_a_page_opens_no_more_than_the_page(
    new_walk: Callable[..., Walk],
) -> None:
    """A view class answers HEAD by its method for GET, whose marks stand on that method."""
    toy = signed_in(Blueprint("toy", __name__, url_prefix="/toy"))
    toy.add_url_rule("/shelf", view_func=Shelf.as_view("shelf"))
    walk = new_walk(toy)
    walk.clock.forward(minutes=11)
    assert walk.faults("user", fresh=False, below="/toy") == []
