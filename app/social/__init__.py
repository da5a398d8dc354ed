"""Sign-in with Google, GitHub, or any provider that speaks OpenID.

Follows RFC 6749 with RFC 7636 (PKCE), RFC 9207 (issuer), RFC 9700 (best current practice), OpenID
Connect Core 1.0 and OWASP ASVS 5.0.0, V10. Adds to the house the table of linked identities, the
buttons on the sign-in page, the pages under /social and /account/social, two mails, and a provider
for development that signs made-up people in without an account anywhere.
"""

from app.core.feature import Feature, Notice
from app.social.settings import SETTINGS

feature = Feature(
    "social",
    needs=("login",),
    offered="recommended",
    title="Social sign-in",
    summary="Google, GitHub and any OpenID provider, linked without a way to take an account over.",
    settings=SETTINGS,
    configure=("providers:configure",),
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    commands=("cli:social",),
    listeners=("listeners",),
    sign_in_options="providers:sign_in_options",
    account_lines="service:account_lines",
    notices=(
        Notice("identity_linked", "social/mail/linked"),
        Notice("identity_unlinked", "social/mail/unlinked"),
    ),
    export="service:export",
    doctor="health:doctor",
    doctor_tells="health:words",
)
