"""The security log: what happened to an account, stored, and shown to its owner.

Follows OWASP ASVS 5.0.0, V16. Adds to the house a table of events with what is personal in rows
of their own, the page /account/security-log, and the work that shortens and removes.
"""

from app.core.feature import Feature

feature = Feature(
    "security_log",
    needs=("passwords",),  # "this was not me" begins a reset
    offered="recommended",
    title="Security log",
    summary="What happened to an account, in plain words, and a way to say: this was not me.",
    listeners=("listeners",),
    export="service:export",
    erase="service:erase_personal",
)
