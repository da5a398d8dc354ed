"""The second question at sign-in, whatever kinds of answer there are.

Follows NIST SP 800-63B-4, section 3.2.2, and OWASP ASVS 5.0.0, V6.3 and V6.5. Adds to the house a
step at the door that every way in passes, the page of an account's factors, proof of presence by
a code, the table of browsers that are not asked each time, and three mails. It brings no kind of
factor itself: other features declare theirs.
"""

from app.core.feature import Feature, Notice, Periodic
from app.core.settings import Setting, whole_number
from app.second_factor.settings import ABOUT, CURE, demanded

feature = Feature(
    "second_factor",
    needs=("login",),
    offered="recommended",
    title="Second factors",
    summary="A second question at every way in, with one budget of guesses for an account.",
    settings=(
        Setting(
            "SECOND_FACTOR",
            f"{ABOUT}: {CURE}.",
            demanded,
            default="optional",
        ),
        Setting(
            "TRUSTED_BROWSER_DAYS",
            "For how many days a browser may be spared the second factor if its owner asks for "
            "it; 0 offers it to nobody.",
            whole_number,
            default=0,
        ),
    ),
    blueprints=("views:blueprint",),
    api="api:blueprint",  # feature: api
    listeners=("listeners",),
    login_step="service:STEP",
    factor_removal="changes:take_away",
    account_lines="service:account_lines",
    notices=(
        Notice("factor_added", "second_factor/mail/added"),
        Notice("factor_removed", "second_factor/mail/removed"),
        Notice(
            "second_factor_refused",
            "second_factor/mail/refused",
            facts="listeners:refused_at_sign_in",
        ),
    ),
    export="trust:export",
    erase="service:erase",
    doctor="service:doctor",
    periodic=(
        Periodic(
            "second_factor.tidy",
            "trust:tidy",
            minutes=60,
            about="Removes browsers that are asked again because their days are over.",
        ),
    ),
)
