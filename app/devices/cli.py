"""`flask devices`: what an owner of the site does about sign-ins at the terminal."""

import click
from flask.cli import AppGroup

from app.accounts.cli import EMAIL
from app.accounts.service import NoSuchAccount, get_user
from app.core.principal import Principal
from app.devices import service
from app.extensions import db
from app.login.housekeeping import purge_sessions
from app.login.service import sign_out_everywhere

devices = AppGroup("devices", help="See and end the sign-ins of an account.")


@devices.command("list")
@EMAIL
def list_devices(email: str) -> None:
    """List where an account is signed in, the last used first."""
    for device in service.list_devices(_owner(email)):
        seen = device.last_seen_at.isoformat(" ", "minutes")
        click.echo(f"{device.name}\t{device.address}\t{seen}")


@devices.command("end")
@EMAIL
def end(email: str) -> None:
    """End every sign-in of an account."""
    ended = sign_out_everywhere(_owner(email))
    db.session.commit()
    click.echo(f"{email} is signed out everywhere; sign-ins ended: {ended}.")


@devices.command("purge")
def purge() -> None:
    """Remove the sign-ins that are over from the database."""
    removed = purge_sessions()
    db.session.commit()
    click.echo(f"Removed sign-ins that were over: {removed}.")


def _owner(email: str) -> Principal:
    try:
        return Principal(user_id=get_user(email).id)
    except NoSuchAccount:
        raise click.ClickException(f"There is no account for {email}.") from None
