"""The account page: what is known of a person, and what they can change about it.

Follows OWASP ASVS 5.0.0, 7.5, and the rights to a copy and to erasure (GDPR, articles 15, 17
and 20).
"""

from app.core.feature import Feature

feature = Feature(
    "profile",
    needs=("passwords",),
    offered="always",
    title="Account page",
    summary="Name, change of e-mail with a way back, export and deletion.",
)
