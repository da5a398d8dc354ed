"""Roles: what an account may do beyond its own things, put together from declared permissions.

Follows OWASP ASVS 5.0.0, V8. Adds to the house tables of roles, the roles in every principal
(read freshly, within the one query), the decorators that ask for them, and `flask roles`.
"""

from flask import Flask

from app.core.feature import Feature

feature = Feature(
    "roles",
    needs=("login",),
    offered="recommended",
    title="Roles",
    summary="Roles of permissions that features declare, decorators that ask for them, commands.",
)


def init_app(app: Flask) -> None:
    """Read the roles of every principal, and register the commands."""
    from app.accounts.points import ACCOUNT_GUARDS, ACCOUNT_LINES, EXPORTS
    from app.core.health import DOCTOR_CHECKS
    from app.login.points import PRINCIPAL_COLUMNS
    from app.roles import cli, health, recognition, service, templates

    templates.configure(app)
    app.cli.add_command(cli.roles)
    PRINCIPAL_COLUMNS.add(app, recognition.COLUMN)
    ACCOUNT_GUARDS.add(app, service.check_not_last)
    ACCOUNT_LINES.add(app, service.account_lines)
    EXPORTS.add(app, service.export)
    DOCTOR_CHECKS.add(app, health.doctor)
