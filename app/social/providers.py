"""Which providers there are: one class for each protocol, and one of them for each name."""

import logging
from collections.abc import Mapping
from typing import Any, cast

from flask import Flask, current_app

from app.login.points import SignInOption
from app.social.github import GitHub
from app.social.openid import OpenID
from app.social.provider import Provider, Registration

log = logging.getLogger(__name__)

# Which class a name of SOCIAL_PROVIDERS stands for; every other name is an OpenID provider.
KINDS: dict[str, type[Provider]] = {"github": GitHub}


def configure(app: Flask) -> None:
    """Make the providers that there are keys for, in the order of the setting.

    In development a provider without keys is played by the one on this machine, if there is a
    play of it.
    """
    from app.social.local import is_installed, stand_in

    found: dict[str, Provider] = {}
    for name in app.config["SOCIAL_PROVIDERS"]:
        registration = _registration(app.config, name) or stand_in(app.config, name)
        if registration:
            found[name] = KINDS.get(name, OpenID)(registration)
    app.extensions["social"] = found
    if app.config["SERVE_LOCAL_PROVIDER"] and any(
        one.registration.is_local for one in found.values()
    ):
        from app.social.local_server import serve_beside

        if is_installed():
            serve_beside(app)
        else:
            log.warning("No local provider: install the packages for development, make setup.")


def _registration(config: Mapping[str, Any], name: str) -> Registration | None:
    prefix = name.upper()
    if not config[f"{prefix}_CLIENT_ID"]:
        return None
    return Registration(
        name=name,
        label=config[f"{prefix}_LABEL"],
        url=config[f"{prefix}_URL"],
        client_id=config[f"{prefix}_CLIENT_ID"],
        client_secret=config[f"{prefix}_CLIENT_SECRET"],
    )


def providers() -> dict[str, Provider]:
    """Return the providers of the current application by name."""
    return cast(dict[str, Provider], current_app.extensions["social"])


def sign_in_options() -> list[SignInOption]:
    """Return a button for each."""
    return [
        SignInOption(one.name, f"Continue with {one.label}", "social.start")
        for one in providers().values()
    ]
