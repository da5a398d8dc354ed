# file of feature: api
"""Same account, same rules, other face: each use case, by a page and by a program.

Each runs twice, once on each interface, with a database of its own. Result, events, mails and
stored rows must be the same. The cases are in `tests/<feature>/parity.py`.
"""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app.core.limits import limiter
from app.core.project import ROOT
from app.features import FEATURES
from tests.conftest import SHARED, Clock
from tests.house.parity import PREFIX, Scene, UseCase, go_through
from tests.prepared import PreparedStates

FILES = [
    import_module(f"tests.{name}.parity")
    for name in FEATURES
    if (ROOT / "tests" / name / "parity.py").exists()
]
CASES: list[UseCase] = [case for file in FILES for case in getattr(file, "CASES", ())]
Scenes = Callable[[str], Scene]


@pytest.fixture
def scenes(
    settings: dict[str, str],
    tmp_path: Path,
    moving_clock: Clock,
    compiled_templates: FileSystemBytecodeCache,
    prepared: PreparedStates,
) -> Scenes:
    """The shared application with one database after the other."""

    def scene(face: str) -> Scene:
        moving_clock.ahead = timedelta()
        app = SHARED.lend(settings, compiled_templates)
        prepared.begin(settings, tmp_path / f"{face}.db")
        with app.app_context():
            limiter.reset()
        return Scene(app, moving_clock, prepared)

    return scene


@pytest.mark.asvs("6.3.4", "2.3.2")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_faces_keep_the_same_rules(scenes: Scenes, case: UseCase) -> None:
    by_page = go_through(case, scenes("page"), "page")
    by_program = go_through(case, scenes("program"), "program")
    assert by_page.ends == case.ends
    assert by_program == by_page


def test_no_case_is_named_twice() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)


def test_every_route_for_programs_is_compared_with_a_page(app: Flask) -> None:
    """Or has its reason in ``PROGRAMS_ALONE``: a new route cannot keep rules of its own."""
    excused = {route for file in FILES for route in getattr(file, "PROGRAMS_ALONE", ())}
    routes = set()
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"OPTIONS", "HEAD"}
        if rule.rule.startswith(PREFIX):
            routes |= {f"{method} {rule.rule.removeprefix(PREFIX)}" for method in methods}
    compared = {case.route(app) for case in CASES}
    assert routes - compared - excused == set(), "neither compared nor excused"
    assert excused - routes == set(), "excused, but not there"
