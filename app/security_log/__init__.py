"""The security log: what happened to an account, stored, and shown to its owner.

Follows OWASP ASVS 5.0.0, V16. Adds to the house a table of events with what is personal in rows
of their own, the page /account/security-log, the work that shortens and removes, and
`flask security-log`.
"""

from app.core.feature import Feature, Periodic
from app.security_log.settings import SETTINGS

feature = Feature(
    "security_log",
    needs=("passwords",),  # "this was not me" begins a reset
    offered="recommended",
    title="Security log",
    summary="What happened to an account, in plain words, and a way to say: this was not me.",
    settings=SETTINGS,
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    commands=("cli:security_log",),
    listeners=("listeners",),
    account_lines="service:account_lines",
    export="service:export",
    erase="service:erase_personal",
    periodic=(
        Periodic(
            "security_log.tidy",
            "housekeeping:tidy",
            minutes=15,
            about="Shortens addresses that are 30 days old, and removes events that are older than "
            "SECURITY_LOG_DAYS.",
        ),
    ),
)
