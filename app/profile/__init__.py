"""The account page: what is known of a person, and what they can change about it.

Follows OWASP ASVS 5.0.0, 7.5, and the rights to a copy and to erasure (GDPR, articles 15, 17
and 20). Adds to the house the table of planned deletions, the pages under /account, a step at
sign-in for an account that is about to be erased, and the work that erases it.
"""

from flask import Flask

from app.core.feature import Feature, Notice, Periodic

feature = Feature(
    "profile",
    needs=("passwords",),
    offered="always",
    title="Account page",
    summary="Name, change of e-mail with a way back, export and deletion.",
    notices=(
        Notice(
            "email_change_requested",
            "profile/mail/confirm_email",
            recipient="the new address, if it is free",
            carries_link=True,
        ),
        Notice(
            "email_change_requested",
            "profile/mail/address_taken",
            recipient="the new address, if it has an account",
            facts="notices:address_taken",
        ),
        Notice("email_change_requested", "profile/mail/change_requested"),
        Notice(
            "email_changed",
            "profile/mail/undo_change",
            recipient="the former address",
            carries_link=True,
        ),
        Notice("email_changed", "profile/mail/changed", recipient="the new address"),
        Notice("email_change_undone", "profile/mail/undone", recipient="the address that is back"),
        Notice(
            "email_change_undone",
            "profile/mail/undone_elsewhere",
            recipient="the address that is taken away again",
            facts="notices:address_taken_away",
        ),
        Notice("deletion_requested", "profile/mail/deletion", carries_link=True),
        Notice("deletion_cancelled", "profile/mail/kept"),
    ),
    periodic=(
        Periodic(
            "profile.erase",
            "housekeeping:erase_due",
            minutes=60,
            about="Erases accounts whose owners asked for it and have not gone back in 14 days.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, and the step for an account that is about to be erased."""
    from app.accounts.points import ACCOUNT_MENU, ACCOUNT_PAGE, ERASURES, EXPORTS, MenuLink
    from app.login.points import LOGIN_STEPS
    from app.profile import deletion, listeners, service, views

    app.register_blueprint(views.blueprint)
    ACCOUNT_PAGE.add(app, "profile.account")
    ACCOUNT_MENU.add(app, MenuLink("Account", "profile.account"))
    LOGIN_STEPS.add(app, deletion.KEEP_STEP)
    EXPORTS.add(app, service.export)
    ERASURES.add(app, service.erase)
