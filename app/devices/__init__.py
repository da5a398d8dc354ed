"""Signed-in devices: see where you are signed in, and end what is not you.

Follows OWASP ASVS 5.0.0, 7.5.2 and 6.3.5. Adds to the house the pages under /account/devices, a
mail about a sign-in from a new browser with a link that ends it, and `flask devices`.
"""

from app.core.feature import Feature, Notice

feature = Feature(
    "devices",
    needs=("login",),
    offered="recommended",
    title="Devices",
    summary="Where you are signed in, sign out elsewhere, and a mail about a new device.",
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    commands=("cli:devices",),
    listeners=("listeners",),
    account_lines="service:account_lines",
    notices=(Notice("signed_in", "devices/mail/new_device", carries_link=True),),
)
