"""Who there is: accounts, their passwords, registration and the proof of an e-mail address.

Follows NIST SP 800-63B-4 for passwords. Adds to the house the tables of accounts, one-time
tokens, the outbox, the throttle and periodic work, the worker that delivers mail, and the
commands `flask accounts`, `flask mail` and `flask jobs`.
"""

from app.accounts.settings import SETTINGS
from app.core.feature import Feature, Notice, Periodic

feature = Feature(
    "accounts",
    needs=("site",),
    offered="always",
    title="Accounts",
    summary="Registration, e-mail confirmation and passwords hashed with bcrypt.",
    settings=SETTINGS,
    configure=(
        "app.core.database:configure",
        "app.core.limits:configure",
        "app.core.outbox:configure",
        "hashing:configure",
        "notices:configure",
    ),
    extensions=("db", "migrate", "csrf", "limiter"),
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    development_blueprints=("app.core.mailbox:blueprint",),
    commands=("cli:accounts", "mail_cli:mail", "jobs_cli:jobs"),
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
    export="personal_data:export_account",
    erase="personal_data:erase_mails",
    ready="health:unready_parts",
    doctor="health:doctor",
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
