"""Codes of an authenticator app: six digits that change every thirty seconds.

Follows RFC 6238, NIST SP 800-63B-4, section 3.1.4, and OWASP ASVS 5.0.0, V6.5. Adds to the house a
kind of second factor, the table of authenticators, whose secrets are encrypted, the pages under
/account/totp, and a page on the way in for whoever must have a factor and has none.
"""

from flask import Flask

from app.core.feature import Feature
from app.core.settings import Setting, whole_number

feature = Feature(
    "totp",
    needs=("second_factor",),
    offered="recommended",
    title="Authenticator codes",
    summary="Codes of an app as a second factor, each taken once, under encrypted secrets.",
    settings=(
        Setting(
            "TOTP_STRICT",
            "1 takes the code of this moment alone; 0 also the one just before, for slow typists.",
            whole_number,
            default=0,
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, the commands and the factor."""
    from app.accounts.points import EXPORTS
    from app.core.factor import SECOND_FACTORS
    from app.core.health import DOCTOR_CHECKS
    from app.totp import cli, factor, service, views

    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.totp)
    SECOND_FACTORS.add(app, factor.AuthenticatorApp())
    EXPORTS.add(app, service.export)
    DOCTOR_CHECKS.add(app, service.doctor)
