"""Signed-in devices: see where you are signed in, and end what is not you.

Follows OWASP ASVS 5.0.0, 7.5.2 and 6.3.5. Adds to the house the pages under /account/devices, a
mail about a sign-in from a new browser with a link that ends it, and `flask devices`.
"""

from flask import Flask

from app.core.feature import Feature, Notice

feature = Feature(
    "devices",
    needs=("login",),
    offered="recommended",
    title="Devices",
    summary="Where you are signed in, sign out elsewhere, and a mail about a new device.",
    notices=(Notice("signed_in", "devices/mail/new_device", carries_link=True),),
)


def init_app(app: Flask) -> None:
    """Register the pages and commands."""
    from app.accounts.points import ACCOUNT_LINES
    from app.devices import cli, listeners, service, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.devices)
    ACCOUNT_LINES.add(app, service.account_lines)
