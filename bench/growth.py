"""What many accounts cost: requests at 10,000 of them beside 100: `python -m bench.growth`.

Budget: 1.1 times as much. That no statement reads a whole table is held by a test of the house.
"""

import sys
import tempfile
from contextlib import ExitStack
from datetime import timedelta

from flask import Flask
from sqlalchemy import insert

from app.accounts.models import User
from app.core import clock
from app.extensions import db
from app.login.models import LoginSession
from bench import ours
from bench.measure import Case, measure

FEW, MANY = 100, 10_000
BUDGET = 1.1
ROUNDS = 15


def fill(app: Flask, count: int) -> None:
    """Add confirmed accounts, each with a session that is alive."""
    now = clock.now()
    users = [
        {"name": "Ada", "email": f"ada{n}@example.com", "confirmed_at": now} for n in range(count)
    ]
    with app.app_context():
        db.session.execute(insert(User), users)
        ids = db.session.scalars(db.select(User.id)).all()
        db.session.execute(insert(LoginSession), [_session(number) for number in ids])
        db.session.commit()


def _session(user_id: int) -> dict[str, object]:
    now = clock.now()
    moments = {"created_at": now, "authenticated_at": now, "last_seen_at": now}
    told = {"address": "127.0.0.1", "user_agent": "a browser", "amr": "pwd"}
    names = {"secret_hash": f"{user_id:064d}", "device_hash": f"{user_id:064d}"}
    times = {"expires_at": now + timedelta(days=1), "idle_seconds": 7200}
    return {"user_id": user_id, **moments, **told, **names, **times}


def main() -> None:
    """Measure the same requests on both tables and print the ratios."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as open_apps:
        requests = {}
        for count in (FEW, MANY):
            url = f"sqlite:///{folder}/{count}.db"
            app = open_apps.enter_context(ours.our_application(url))
            fill(app, count)
            cases = [*ours.token_cases(app), *ours.page_cases(app)]
            requests[count] = {case.name: case for case in cases if case.statements}
        for name, case in requests[MANY].items():
            few = {"few": requests[FEW][name].call}
            result = measure([Case(name, case.call)], few, ROUNDS)[name]
            first, middle, third = result.quartiles("few")
            verdict = "kept" if middle <= BUDGET else "NOT KEPT"
            sys.stdout.write(f"{name:34} {middle:.2f} ({first:.2f} to {third:.2f}) {verdict}\n")


if __name__ == "__main__":
    main()
