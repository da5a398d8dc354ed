"""`flask mail`: what waits in the outbox, what was given up, and what to do about it."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import ColumnElement, delete, select, update

from app.core import clock
from app.core.outbox import OutboxMail
from app.extensions import affected_rows, db

mail = AppGroup("mail", help="Look after the outbox.")

# Given up, or waiting after a failure.
TROUBLED = OutboxMail.sent_at.is_(None) & OutboxMail.last_error.is_not(None)


@mail.command("deliver")
def deliver() -> None:
    """Send the mails that are due, as the worker does by itself."""
    from app.core.delivery import deliver_due

    if not current_app.config["SMTP_URL"]:
        raise click.ClickException("SMTP_URL is not set, so mails stay in the development inbox.")
    click.echo(f"Sent {deliver_due()} mails.")


@mail.command("failed")
def failed() -> None:
    """List mails that were given up, and those that wait after a failure."""
    rows = db.session.scalars(select(OutboxMail).where(TROUBLED).order_by(OutboxMail.id)).all()
    for row in rows:
        click.echo("\t".join((str(row.id), row.kind, row.recipient, *_story(row))))
    if not rows:
        click.echo("No mail has failed.")


def _story(row: OutboxMail) -> tuple[str, str, str]:
    tries = f"{row.tries} {'try' if row.tries == 1 else 'tries'}"
    if row.failed_at:
        return tries, str(row.last_error), f"given up {row.failed_at:%Y-%m-%d %H:%M} UTC"
    return tries, str(row.last_error), f"next try {row.next_try_at:%Y-%m-%d %H:%M} UTC"


CHOSEN = click.argument("ids", metavar="[ID...]", type=int, nargs=-1)
ALL = click.option("--all", "every", is_flag=True, help="All that `flask mail failed` lists.")


@mail.command("again")
@CHOSEN
@ALL
def again(ids: tuple[int, ...], every: bool) -> None:
    """Make mails due again that `flask mail failed` lists, with all their tries."""
    chosen = _chosen(ids, every)
    fresh = {"next_try_at": clock.now(), "failed_at": None, "last_error": None, "tries": 0}
    found = affected_rows(update(OutboxMail).where(chosen).values(fresh))
    db.session.commit()
    click.echo(f"{found} mails are due again.")


@mail.command("forget")
@CHOSEN
@ALL
def forget(ids: tuple[int, ...], every: bool) -> None:
    """Remove mails that `flask mail failed` lists, such as those to a mistyped address."""
    found = affected_rows(delete(OutboxMail).where(_chosen(ids, every)))
    db.session.commit()
    click.echo(f"{found} mails are gone.")


def _chosen(ids: tuple[int, ...], every: bool) -> ColumnElement[bool]:
    """Return the condition for what was asked for.

    Raises:
        ClickException: nothing was asked for, or one of them cannot be had.
    """
    if every == bool(ids):
        raise click.UsageError("Say which: one or more ids, or --all.")
    if every:
        return TROUBLED
    listed = select(OutboxMail.id, OutboxMail.sent_at, OutboxMail.last_error)
    known = {row.id: row for row in db.session.execute(listed.where(OutboxMail.id.in_(ids)))}
    for one in ids:
        if one not in known:
            raise click.ClickException(f"There is no mail {one}.")
        if known[one].sent_at:
            raise click.ClickException(f"Mail {one} was sent, and its text was dropped with that.")
        if not known[one].last_error:
            raise click.ClickException(f"Mail {one} has not failed: it waits for its turn.")
    return TROUBLED & OutboxMail.id.in_(ids)
