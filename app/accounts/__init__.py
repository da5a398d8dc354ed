"""Who there is: accounts, their passwords, registration and the proof of an e-mail address.

Follows NIST SP 800-63B-4 for passwords. Adds to the house the tables of accounts, one-time
tokens, the outbox, the throttle and periodic work, the worker that delivers mail, and the
commands `flask accounts`, `flask mail` and `flask jobs`.
"""

from flask import Flask

from app.accounts.settings import SETTINGS
from app.core.feature import Feature, Notice, Periodic

feature = Feature(
    "accounts",
    needs=("site",),
    offered="always",
    title="Accounts",
    summary="Registration, e-mail confirmation and passwords hashed with bcrypt.",
    settings=SETTINGS,
    notices=(
        Notice(
            "registered",
            "accounts/mail/confirm",
            recipient="the address that was registered",
            carries_link=True,
        ),
        Notice("registered_again", "accounts/mail/already_registered"),
        Notice("account_erased", "accounts/mail/erased"),
    ),
    periodic=(
        Periodic(
            "accounts.deliver",
            "app.core.delivery:deliver_due",
            minutes=1,
            about="Sends the mails that are due.",
        ),
        Periodic(
            "accounts.tidy",
            "housekeeping:tidy",
            minutes=60,
            about="Removes tokens that are used or expired, forgotten counts of guesses, and mails "
            "that were sent or given up 30 days ago.",
        ),
    ),
)


def init_app(app: Flask) -> None:
    """Set up the database, forms, limits and mail; register pages and commands."""
    from app.accounts import cli, hashing, health, jobs_cli, mail_cli, notices, personal_data, views
    from app.accounts.points import ACCOUNT_MENU, ACCOUNT_PAGE, ERASURES, EXPORTS
    from app.core import database, dispatch, limits, mailbox
    from app.core.health import DOCTOR_CHECKS, HEALTH_CHECKS
    from app.core.slots import SLOTS, SlotPart
    from app.extensions import csrf, db, migrate

    database.configure(app)
    db.init_app(app)
    migrate.init_app(app)
    csrf.init_app(app)
    limits.configure(app)
    dispatch.configure(app)
    hashing.configure(app)
    notices.configure(app)
    app.jinja_env.globals.update(account_menu=ACCOUNT_MENU, account_page=ACCOUNT_PAGE)
    app.register_blueprint(views.blueprint)
    if app.config["APP_ENV"] == "development":
        app.register_blueprint(mailbox.blueprint)
    app.cli.add_command(cli.accounts)
    app.cli.add_command(mail_cli.mail)
    app.cli.add_command(jobs_cli.jobs)
    EXPORTS.add(app, personal_data.export_account)
    ERASURES.add(app, personal_data.erase_mails)
    HEALTH_CHECKS.add(app, health.unready_parts)
    DOCTOR_CHECKS.add(app, health.doctor)
    SLOTS.add(
        app,
        SlotPart("site.header", "accounts/links.html"),
        SlotPart("site.next_step", "accounts/next_step.html"),
    )
