"""`flask totp`: what the keys of an installation need."""

import click
from flask.cli import AppGroup

from app.core.encryption import DecryptionFailed
from app.extensions import db
from app.totp import service

totp = AppGroup("totp", help="Look after authenticators.")


@totp.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt every secret under the first of ENCRYPTION_KEYS; then the others can go."""
    try:
        count = service.rotate_keys()
    except DecryptionFailed:
        raise click.ClickException(
            "No key of ENCRYPTION_KEYS opens one of the secrets: put the key back that was there."
        ) from None
    db.session.commit()
    click.echo(f"Authenticators under the first key now: {count}.")
