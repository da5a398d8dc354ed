"""Recovery codes: ten saved codes that stand in for a second factor that is lost.

Follows NIST SP 800-63B-4, section 3.1.2 (look-up secrets), and OWASP ASVS 5.0.0, 6.5.1 to 6.5.3.
Adds to the house a backup kind of second factor, the table of codes, stored as hashes, the page
under /account/recovery-codes, and two mails. The codes are made when the first factor is added.
"""

from flask import Flask

from app.core.feature import Feature, Notice

feature = Feature(
    "recovery_codes",
    needs=("second_factor", "totp"),
    offered="recommended",
    title="Recovery codes",
    summary="Ten saved codes, each used once, for the day the phone is lost.",
    notices=(
        Notice("recovery_code_used", "recovery_codes/mail/used"),
        Notice("recovery_codes_renewed", "recovery_codes/mail/renewed"),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages and the factor."""
    from app.accounts.points import EXPORTS
    from app.core.factor import SECOND_FACTORS
    from app.recovery_codes import factor, listeners, service, views

    app.register_blueprint(views.blueprint)
    SECOND_FACTORS.add(app, factor.RecoveryCodes())
    EXPORTS.add(app, service.export)
