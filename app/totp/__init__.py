"""Codes of an authenticator app: six digits that change every thirty seconds.

Follows RFC 6238, NIST SP 800-63B-4, section 3.1.4, and OWASP ASVS 5.0.0, V6.5. Adds to the house a
kind of second factor, the table of authenticators, whose secrets are encrypted, the pages under
/account/totp, and a page on the way in for whoever must have a factor and has none.
"""

from app.core.feature import Feature
from app.core.settings import Setting, whole_number

feature = Feature(
    "totp",
    needs=("second_factor",),
    offered="recommended",
    title="Authenticator codes",
    summary="Codes of an app as a second factor, each taken once, under encrypted secrets.",
    settings=(
        Setting(
            "TOTP_STRICT",
            "1 takes the code of this moment alone; 0 also the one just before, for slow typists.",
            whole_number,
            default=0,
        ),
    ),
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    commands=("cli:totp",),
    second_factors=("factor:AuthenticatorApp",),
    export="service:export",
    doctor="service:doctor",
)
