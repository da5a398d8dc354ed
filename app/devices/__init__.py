"""Signed-in devices: see where you are signed in, and end what is not you.

Follows OWASP ASVS 5.0.0, 7.5.2 and 6.3.5.
"""

from app.core.feature import Feature

feature = Feature(
    "devices",
    needs=("login",),
    offered="recommended",
    title="Devices",
    summary="Where you are signed in, sign out elsewhere, and a mail about a new device.",
)
