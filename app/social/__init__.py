"""Sign-in with Google, GitHub, or any provider that speaks OpenID.

Follows RFC 6749 with RFC 7636 (PKCE), RFC 9207 (issuer), RFC 9700 (best current practice), OpenID
Connect Core 1.0 and OWASP ASVS 5.0.0, V10. Adds to the house the table of linked identities, the
buttons on the sign-in page, the pages under /social and /account/social, two mails, and a provider
for development that signs made-up people in without an account anywhere.
"""

from flask import Flask

from app.core.feature import Feature, Notice
from app.social.settings import SETTINGS

feature = Feature(
    "social",
    needs=("login",),
    offered="recommended",
    title="Social sign-in",
    summary="Google, GitHub and any OpenID provider, linked without a way to take an account over.",
    settings=SETTINGS,
    notices=(
        Notice("identity_linked", "social/mail/linked"),
        Notice("identity_unlinked", "social/mail/unlinked"),
    ),
)


def init_app(app: Flask) -> None:
    """Register the providers, the pages and the commands."""
    from app.accounts.points import ACCOUNT_LINES, EXPORTS
    from app.core.health import DOCTOR_CHECKS, DOCTOR_NOTES
    from app.core.slots import SLOTS, SlotPart
    from app.login.points import SIGN_IN_OPTIONS
    from app.social import cli, health, listeners, providers, service, views

    providers.configure(app)
    app.register_blueprint(views.blueprint)
    app.cli.add_command(cli.social)
    SIGN_IN_OPTIONS.add(app, providers.sign_in_options)
    ACCOUNT_LINES.add(app, service.account_lines)
    EXPORTS.add(app, service.export)
    DOCTOR_CHECKS.add(app, health.doctor)
    DOCTOR_NOTES.add(app, health.words)
    SLOTS.add(
        app,
        SlotPart("accounts.register.options", "social/options.html"),
        SlotPart("login.sign_in.options", "social/options.html"),
        SlotPart("login.no_password.options", "social/options.html"),
    )
