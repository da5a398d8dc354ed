"""Roles: what an account may do beyond its own things, put together from declared permissions.

Follows OWASP ASVS 5.0.0, V8. Adds to the house tables of roles, the roles in every principal
(read freshly, within the one query), the decorators that ask for them, and `flask roles`.
"""

from app.core.feature import Feature

feature = Feature(
    "roles",
    needs=("login",),
    offered="recommended",
    title="Roles",
    summary="Roles of permissions that features declare, decorators that ask for them, commands.",
    configure=("templates:configure",),
    commands=("cli:roles",),
    api="api:blueprint",  # feature: api
    account_lines="service:account_lines",
    principal_part="recognition:PART",
    account_guard="service:check_not_last",
    export="service:export",
    doctor="health:doctor",
)
