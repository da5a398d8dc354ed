"""What this feature reads from the environment."""

from collections.abc import Mapping
from typing import Any

from app.core.settings import Setting, whole_number

# A break-in is often found months later, and rules for payment cards ask for twelve (PCI DSS 4.0,
# 10.5.1). Whoever keeps longer must be able to say why (GDPR, article 5 (1) (e)).
USUAL_DAYS = 365
FEWEST_DAYS = 30


def _long_enough(value: int, _: Mapping[str, Any]) -> str | None:
    if value < FEWEST_DAYS:
        return f"write at least {FEWEST_DAYS}: what happened last month must still be there"
    return None


SETTINGS = (
    Setting(
        "SECURITY_LOG_DAYS",
        "How long an event stays in the security log.",
        whole_number,
        default=USUAL_DAYS,
        check=_long_enough,
    ),
)
