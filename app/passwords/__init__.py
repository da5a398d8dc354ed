"""Passwords after registration: forgotten, changed, set for the first time.

Follows NIST SP 800-63B-4, 3.1.1 and the OWASP Forgot Password rules.
"""

from app.core.feature import Feature

feature = Feature(
    "passwords",
    needs=("login",),
    offered="always",
    title="Passwords",
    summary="Forgotten and changed passwords, and a look-up of leaked ones.",
)
