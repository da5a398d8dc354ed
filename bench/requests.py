"""What a request costs, and whether it keeps its budget: `python -m bench.requests`.

F is a bare Flask route that answers JSON. J is the same with a token checked by PyJWT. The figure
is the median of the ratios to both in this run, with its quartiles behind it.
"""

import sys
import tempfile
from pathlib import Path

from bench import ours, peers
from bench.measure import Case, Result, measure, request

ROUNDS = 15


def line(case: Case, result: Result) -> str:
    """Return one line of the table."""
    first, middle, third = result.quartiles("F")
    _, in_tokens, _ = result.quartiles("J")
    cost = middle if case.against == "F" else in_tokens
    verdict = "" if case.budget is None else "kept" if cost <= case.budget else "NOT KEPT"
    if case.statements is not None and (result.statements, result.writes) != (case.statements, 0):
        verdict = "NOT KEPT (SQL)"
    budget = f"{case.budget:g} {case.against}" if case.budget else ""
    return (
        f"{case.name:34} {min(result.seconds) * 1e6:7.0f} us {middle:6.2f} F "
        f"({first:5.2f} to {third:5.2f}) {in_tokens:6.2f} J "
        f"{result.statements:3d} SQL {result.writes} writes  {budget:>6} {verdict}\n"
    )


def main() -> None:
    """Measure everything in turns and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        tokens, token = peers.flask_and_jwt()
        extended, extended_token = peers.flask_jwt_extended(Path(folder))
        references = {
            "F": request(peers.bare_flask(), "/"),
            "J": request(tokens, "/", headers=peers.bearer(token)),
        }
        with ours.our_application(f"sqlite:///{folder}/ours.db") as app:
            cases = [
                Case("F: bare Flask", references["F"]),
                Case("J: bare Flask and PyJWT", references["J"]),
                Case(
                    "flask-jwt-extended, user, block list",
                    request(extended, "/", headers=peers.bearer(extended_token)),
                ),
                *ours.token_cases(app),
                *ours.page_cases(app),
            ]
            for name, result in measure(cases, references, ROUNDS).items():
                case = next(case for case in cases if case.name == name)
                sys.stdout.write(line(case, result))


if __name__ == "__main__":
    main()
