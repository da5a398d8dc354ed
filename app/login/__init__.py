"""Signing in and out: revocable sessions, the one door, and proof of presence.

Follows OWASP ASVS 5.0.0, V7. Adds to the house the table of login sessions, the sign-in page,
the arrival that other features send people through, and the decorators' principal.
"""

from app.core.feature import Feature, Periodic

feature = Feature(
    "login",
    needs=("accounts",),
    offered="always",
    title="Sign-in",
    summary="Sessions that can be ended, remember me, and one door for every way in.",
    extensions=("login_manager",),
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    listeners=("listeners",),
    cookie_authenticator="browser:authenticate",
    arrival="browser:arrive",
    sign_in="login.sign_in",
    reauthenticate="login.reauthenticate",
    export="personal_data:export",
    erase="personal_data:erase_tries",
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
