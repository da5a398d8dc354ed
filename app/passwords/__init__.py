"""Passwords after registration: forgotten, changed, set for the first time.

Follows NIST SP 800-63B-4, 3.1.1 and the OWASP Forgot Password rules. Adds to the house the pages
under /password, a line of the account page, and a look-up of leaked passwords that can be
switched on.
"""

from app.core.feature import Feature, Notice
from app.passwords.settings import SETTINGS

feature = Feature(
    "passwords",
    needs=("login",),
    offered="always",
    title="Passwords",
    summary="Forgotten and changed passwords, and a look-up of leaked ones.",
    settings=SETTINGS,
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    listeners=("listeners",),
    account_lines="service:account_lines",
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
    password_check="service:refuse_leaked",  # noqa: S106 - the name of a function
)
