"""`flask security-log`: what an owner of the site asks the log at the terminal."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import AppGroup

from app.accounts.cli import EmailAddress
from app.accounts.service import NoSuchAccount, get_user
from app.extensions import db
from app.security_log import housekeeping, service
from app.security_log.csv_export import stream_csv
from app.security_log.service import Wanted
from app.security_log.stored import STORED

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])

security_log = AppGroup("security-log", help="Read, export and shorten the security log.")


def narrowing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which events."""
    for option in reversed(
        (
            click.option("--email", type=EmailAddress(), help="About the account of this address."),
            click.option("--account", help="About the account with this public id, erased or not."),
            click.option("--kind", type=click.Choice(sorted(STORED)), help="Of this kind."),
            click.option("--since", type=MOMENT, help="From this moment on, UTC."),
            click.option("--until", type=MOMENT, help="Before this moment, UTC."),
        )
    ):
        command = option(command)
    return command


@security_log.command("list")
@narrowing
@click.option("--limit", type=click.IntRange(1, 10000), default=50, help="How many at most.")
def list_events(limit: int, **which: Any) -> None:
    """List events, the newest first."""
    for entry in service.entries_after(_wanted(**which), None, limit):
        when = entry.happened_at.isoformat(" ", "seconds")
        parts = (when, entry.kind, entry.account or "-", entry.method, entry.address or "-")
        click.echo("\t".join((*parts, json.dumps(entry.details))))


@security_log.command("export")
@narrowing
def export(**which: Any) -> None:
    """Write events as CSV, the newest first."""
    for line in stream_csv(_wanted(**which)):
        click.echo(line, nl=False)


@security_log.command("purge")
def purge() -> None:
    """Shorten and remove all that is due, now."""
    touched = 0
    while rows := housekeeping.tidy():
        db.session.commit()
        touched += rows
    click.echo(f"Shortened and removed: {touched}.")


def _wanted(
    *,
    email: str | None,
    account: str | None,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
) -> Wanted:
    if email is not None:
        try:
            account = get_user(email).public_id
        except NoSuchAccount:
            raise click.ClickException(
                f"There is no account for {email}; of one that was erased, give --account."
            ) from None
    return Wanted(account, kind, _utc(since), _utc(until))


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
