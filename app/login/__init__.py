"""Signing in and out: revocable sessions, the one door, and proof of presence.

Follows OWASP ASVS 5.0.0, V7. Adds to the house the table of login sessions, the sign-in page,
the arrival that other features send people through, and the decorators' principal.
"""

from flask import Flask

from app.core.feature import Feature, Periodic

feature = Feature(
    "login",
    needs=("accounts",),
    offered="always",
    title="Sign-in",
    summary="Sessions that can be ended, remember me, and one door for every way in.",
    periodic=(
        Periodic(
            "login.tidy",
            "housekeeping:tidy",
            minutes=60,
            about="Removes sessions that were ended or ran out 30 days ago, and browsers that have "
            "not come back for a year.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, and answer who a cookie belongs to."""
    from app.accounts.points import ARRIVAL, ERASURES, EXPORTS
    from app.core.current import COOKIE_AUTHENTICATOR
    from app.core.errors import REAUTHENTICATION_PAGE, SIGN_IN_PAGE
    from app.core.slots import SLOTS, SlotPart
    from app.login import browser, listeners, personal_data, views
    from app.login.manager import login_manager
    from app.login.points import SIGN_IN_OPTIONS

    login_manager.init_app(app)
    app.jinja_env.globals.update(sign_in_options=SIGN_IN_OPTIONS)
    app.register_blueprint(views.blueprint)
    COOKIE_AUTHENTICATOR.add(app, browser.authenticate)
    ARRIVAL.add(app, browser.arrive)
    SIGN_IN_PAGE.add(app, "login.sign_in")
    REAUTHENTICATION_PAGE.add(app, "login.reauthenticate")
    EXPORTS.add(app, personal_data.export)
    ERASURES.add(app, personal_data.erase_tries)
    SLOTS.add(
        app,
        SlotPart("accounts.header.signed_in", "login/sign_out_link.html"),
        SlotPart("accounts.header.signed_out", "login/sign_in_link.html"),
        SlotPart("accounts.next_step", "login/next_step.html"),
        SlotPart("accounts.register.links", "login/instead_of_registering.html"),
    )
