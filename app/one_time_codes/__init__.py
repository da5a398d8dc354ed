"""Codes that are sent: six digits by mail or text message, as second factors or as a way in.

Follows NIST SP 800-63B-4, sections 3.1.3 and 3.2.9, and OWASP ASVS 5.0.0, V6.6. Adds to the house
two kinds of second factor, the tables of where codes go and of those that wait, the pages under
/account/one-time-codes, a way in by a mailed code if a site wants it, two mails, and a page where
development reads its text messages.
"""

from flask import Flask

from app.core.feature import Feature, Notice, Periodic
from app.one_time_codes.settings import SETTINGS

feature = Feature(
    "one_time_codes",
    needs=("second_factor",),
    offered="on request",
    title="Codes by mail and text message",
    summary="Six digits that are sent: a second factor for people without an app.",
    settings=SETTINGS,
    notices=(
        Notice("code_sent", "one_time_codes/mail/code", carries_link=True),
        Notice("mailed_code_requested", "one_time_codes/mail/sign_in", carries_link=True),
        Notice(
            "mailed_code_requested",
            "one_time_codes/mail/no_code",
            recipient="the address that was typed, when a code alone opens no account under it",
            facts="notices:if_no_code",
        ),
    ),
    periodic=(
        Periodic(
            "one_time_codes.tidy",
            "service:tidy",
            minutes=60,
            about="Removes codes that nobody typed in time.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages and the two factors."""
    from app.accounts.points import ERASURES, EXPORTS
    from app.core.factor import SECOND_FACTORS
    from app.core.health import DOCTOR_CHECKS
    from app.core.slots import SLOTS, SlotPart
    from app.one_time_codes import development, factor, health, service, views

    app.register_blueprint(views.blueprint)
    if app.config["APP_ENV"] == "development":
        app.register_blueprint(development.blueprint)
    SECOND_FACTORS.add(app, factor.EmailCodes(), factor.SmsCodes())
    EXPORTS.add(app, service.export)
    ERASURES.add(app, service.erase)
    DOCTOR_CHECKS.add(app, health.doctor)
    SLOTS.add(app, SlotPart("login.sign_in.options", "one_time_codes/sign_in_link.html"))
