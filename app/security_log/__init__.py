"""The security log: what happened to an account, stored, and shown to its owner.

Follows OWASP ASVS 5.0.0, V16. Adds to the house a table of events with what is personal in rows
of their own, the page /account/security-log, the work that shortens and removes, and
`flask security-log`.
"""

from flask import Flask

from app.core.feature import Feature, Periodic
from app.security_log.settings import SETTINGS

feature = Feature(
    "security_log",
    needs=("passwords",),  # "this was not me" begins a reset
    offered="recommended",
    title="Security log",
    summary="What happened to an account, in plain words, and a way to say: this was not me.",
    settings=SETTINGS,
    periodic=(
        Periodic(
            "security_log.tidy",
            "housekeeping:tidy",
            minutes=15,
            about="Shortens addresses that are 30 days old, and removes events that are older than "
            "SECURITY_LOG_DAYS.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages and commands, and hear every event."""
    from app.accounts.points import ACCOUNT_LINES, ERASURES, EXPORTS
    from app.security_log import cli, listeners, service, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.security_log)
    ACCOUNT_LINES.add(app, service.account_lines)
    EXPORTS.add(app, service.export)
    ERASURES.add(app, service.erase_personal)
