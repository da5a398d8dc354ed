"""`flask jobs`: the worker, and the work it does again and again."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.core.jobs import PeriodicRun, WorkFailed, open_queue, periodic_work, run
from app.core.work import QueueUnusable
from app.extensions import db

jobs = AppGroup("jobs", help="Run the worker and its periodic work.")


@jobs.command("work")
def work() -> None:
    """Deliver mail and do periodic work in the foreground, until Ctrl+C or SIGTERM."""
    from app.core.worker import serve

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        open_queue(app)
    except QueueUnusable as fault:
        raise click.ClickException(
            f"The queue cannot be opened ({fault}): mend JOBS_STORAGE, or delete its file. "
            "Nothing in it is missed."
        ) from None
    click.echo("The worker runs; stop it with Ctrl+C.")
    serve(app)
    click.echo("The worker has stopped.")


@jobs.command("list")
def list_work() -> None:
    """List the periodic work, with the moment the worker last began it."""
    began = {row.name: row.began_at for row in db.session.scalars(select(PeriodicRun))}
    for _, declared in periodic_work():
        last = began.get(declared.name)
        when = f"last {last:%Y-%m-%d %H:%M} UTC" if last else "never yet"
        click.echo(f"{declared.name}\tevery {declared.minutes} min\t{when}\t{declared.about}")


@jobs.command("run")
@click.argument("name")
def run_now(name: str) -> None:
    """Do one periodic work now."""
    works = {declared.name: (feature, declared) for feature, declared in periodic_work()}
    if name not in works:
        raise click.ClickException(f"There is no work {name}; there is {', '.join(works)}.")
    try:
        click.echo(f"{name} touched {run(*works[name])} rows.")
    except WorkFailed as failure:
        raise click.ClickException(f"{name} failed: {failure}.") from None
