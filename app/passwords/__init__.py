"""Passwords after registration: forgotten, changed, set for the first time.

Follows NIST SP 800-63B-4, 3.1.1 and the OWASP Forgot Password rules. Adds to the house the pages
under /password, a line of the account page, and a look-up of leaked passwords that can be
switched on.
"""

from flask import Flask

from app.core.feature import Feature, Notice
from app.passwords.settings import SETTINGS

feature = Feature(
    "passwords",
    needs=("login",),
    offered="always",
    title="Passwords",
    summary="Forgotten and changed passwords, and a look-up of leaked ones.",
    settings=SETTINGS,
    notices=(
        Notice("password_reset_requested", "passwords/mail/reset", carries_link=True),
        Notice(
            "password_reset_requested",
            "passwords/mail/no_account",
            recipient="the address that was typed, when no account may be used under it",
            facts="notices:if_no_account",
        ),
        Notice("password_changed", "passwords/mail/changed", facts="notices:when"),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, and check new passwords."""
    from app.accounts.points import ACCOUNT_LINES, PASSWORD_CHECKS
    from app.core.slots import SLOTS, SlotPart
    from app.passwords import listeners, service, views

    app.register_blueprint(views.blueprint)
    ACCOUNT_LINES.add(app, service.account_lines)
    PASSWORD_CHECKS.add(app, service.refuse_leaked)
    SLOTS.add(
        app,
        SlotPart("login.sign_in.links", "passwords/forgot_link.html"),
        SlotPart("login.no_password.links", "passwords/set_link.html"),
    )
