"""`flask social`: the provider for development, which `make run` starts by itself."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.social.local import local_address

social = AppGroup("social", help="Play the providers for development.")


@social.command("provider")
def provider() -> None:
    """Sign made-up people in as Google and GitHub would, on this machine alone."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        from app.social import local_provider  # its package is installed for development alone
    except ImportError:
        raise click.ClickException("Install the packages for development: make setup.") from None
    try:
        local_provider.serve(app)
    except local_provider.NotInProduction:
        raise click.ClickException("The local provider is for APP_ENV=development.") from None
    except (OSError, SystemExit):
        raise click.ClickException(
            f"Something else listens on {local_address(app.config)}: set LOCAL_PROVIDER_PORT."
        ) from None
