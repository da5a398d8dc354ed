"""`flask social`: the provider for development, which `make run` starts by itself."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.core.beside import PortTaken
from app.social import local_server
from app.social.local import NotInProduction, is_installed, local_address

social = AppGroup("social", help="Play the providers for development.")


@social.command("provider")
def provider() -> None:
    """Sign made-up people in as Google and GitHub would, on this machine alone."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if not is_installed():
        raise click.ClickException("Install the packages for development: make setup.")
    try:
        local_server.serve(app)
    except NotInProduction:
        raise click.ClickException("The local provider is for APP_ENV=development.") from None
    except PortTaken:
        raise click.ClickException(
            f"Something else listens on {local_address(app.config)}: set LOCAL_PROVIDER_PORT."
        ) from None
