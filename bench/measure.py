"""How a request is measured: called as a server would, against references in the same moment.

A busy machine slows everything. So each slice of a case stands between slices of its references,
and what is compared is the ratio of neighbours, never the time of two runs.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import quantiles
from time import process_time

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.test import EnvironBuilder, run_wsgi_app

SLICE = 0.02
Call = Callable[[], None]


@dataclass(frozen=True)
class Case:
    """Something that is measured.

    Args:
        name: how it is printed.
        call: does it once.
        budget: how many times its reference it may cost.
        against: the name of the reference that the budget counts in.
        statements: how many SQL statements it may make.
    """

    name: str
    call: Call
    budget: float | None = None
    against: str = "F"
    statements: int | None = None


@dataclass
class Result:
    """What was found out about a case.

    Args:
        seconds: CPU time of one call, in each round.
        ratios: the same as a multiple of each reference, by its name.
        statements: SQL statements of one call, writes among them.
        writes: those that change something.
    """

    seconds: list[float] = field(default_factory=list)
    ratios: dict[str, list[float]] = field(default_factory=dict)
    statements: int = 0
    writes: int = 0

    def quartiles(self, reference: str) -> tuple[float, float, float]:
        """Return the quartiles of the ratio to a reference, the median in the middle."""
        first, middle, third = quantiles(self.ratios[reference], n=4, method="inclusive")
        return first, middle, third


def request(
    app: Flask,
    path: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **options: object,
) -> Call:
    """Return a function that sends one request, without a test client and a socket.

    Args:
        app: what is asked.
        path: what is asked for.
        status: the answer that is expected; asked for once, here and now.
        headers: of the request.
        options: method, data or json.
    """
    address = "http://localhost:8000"
    builder = EnvironBuilder(path, base_url=address, headers=dict(headers or {}), **options)  # type: ignore[arg-type]
    environ = builder.get_environ()
    body = environ.pop("wsgi.input").read()
    _, answer, _ = run_wsgi_app(app, {**environ, "wsgi.input": io.BytesIO(body)})
    assert answer.startswith(f"{status} "), f"{path} answered {answer}"  # noqa: S101

    def call() -> None:
        for _ in app.wsgi_app(
            {**environ, "wsgi.input": io.BytesIO(body)}, lambda *_: lambda _: None
        ):
            pass

    return call


def measure(cases: list[Case], references: dict[str, Call], rounds: int) -> dict[str, Result]:
    """Measure each case in turns, and return the results by the names of the cases."""
    results = {case.name: Result() for case in cases}
    for case in cases:
        with counted() as statements:
            case.call()
        found = results[case.name]
        found.statements = len(statements)
        found.writes = sum(not statement.startswith("SELECT") for statement in statements)
    times = {call: _calls_in_a_slice(call) for call in references.values()}
    times.update((case.call, _calls_in_a_slice(case.call)) for case in cases)
    for _ in range(rounds):
        for case in cases:
            _one_round(case, references, times, results[case.name])
    return results


def _one_round(
    case: Case, references: dict[str, Call], times: dict[Call, int], result: Result
) -> None:
    before = {name: _seconds(call, times[call]) for name, call in references.items()}
    cost = _seconds(case.call, times[case.call])
    for name, call in references.items():
        neighbours = (before[name] + _seconds(call, times[call])) / 2
        result.ratios.setdefault(name, []).append(cost / neighbours)
    result.seconds.append(cost)


def _seconds(call: Call, times: int) -> float:
    began = process_time()
    for _ in range(times):
        call()
    return (process_time() - began) / times


def _calls_in_a_slice(call: Call) -> int:
    _seconds(call, 10)  # the first calls compile templates and statements
    return max(1, round(SLICE / _seconds(call, 10)))


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the SQL statements of whatever is done meanwhile."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
