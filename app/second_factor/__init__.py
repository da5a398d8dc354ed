"""The second question at sign-in, whatever kinds of answer there are.

Follows NIST SP 800-63B-4, section 3.2.2, and OWASP ASVS 5.0.0, V6.3 and V6.5. Adds to the house a
step at the door that every way in passes, the page of an account's factors, proof of presence by
a code, the table of browsers that are not asked each time, and three mails. It brings no kind of
factor itself: other features declare theirs.
"""

from flask import Flask

from app.core.feature import Feature, Notice, Periodic
from app.core.settings import Setting, whole_number
from app.second_factor.settings import ABOUT, demanded

feature = Feature(
    "second_factor",
    needs=("login",),
    offered="recommended",
    title="Second factors",
    summary="A second question at every way in, with one budget of guesses for an account.",
    settings=(
        Setting(
            "SECOND_FACTOR",
            ABOUT,
            demanded,
            default="optional",
        ),
        Setting(
            "TRUSTED_BROWSER_DAYS",
            "For how many days a browser may be spared the second factor if its owner asks for "
            "it; 0 offers it to nobody.",
            whole_number,
            default=0,
        ),
    ),
    notices=(
        Notice("factor_added", "second_factor/mail/added"),
        Notice("factor_removed", "second_factor/mail/removed"),
        Notice(
            "second_factor_refused",
            "second_factor/mail/refused",
            facts="listeners:refused_at_sign_in",
        ),
    ),
    periodic=(
        Periodic(
            "second_factor.tidy",
            "trust:tidy",
            minutes=60,
            about="Removes browsers that are asked again because their days are over.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, and the step at sign-in."""
    from app.accounts.points import ACCOUNT_LINES, ERASURES, EXPORTS
    from app.core.factor import FACTOR_REMOVAL
    from app.core.health import DOCTOR_CHECKS
    from app.core.registry import START_CHECKS
    from app.core.slots import SLOTS, SlotPart
    from app.login.points import LOGIN_STEPS
    from app.second_factor import changes, listeners, service, settings, trust, views

    app.register_blueprint(views.blueprint)
    LOGIN_STEPS.add(app, service.STEP)
    FACTOR_REMOVAL.add(app, changes.take_away)
    ACCOUNT_LINES.add(app, service.account_lines)
    EXPORTS.add(app, trust.export)
    ERASURES.add(app, service.erase)
    DOCTOR_CHECKS.add(app, service.doctor)
    START_CHECKS.add(app, settings.check)
    SLOTS.add(
        app,
        SlotPart("login.reauthenticate", "second_factor/instead.html"),
        SlotPart("login.no_password.options", "second_factor/instead.html"),
    )
