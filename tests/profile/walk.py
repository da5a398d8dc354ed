"""What the walk through the house must know of the account page."""

from tests.house.walk import Known

KNOWN = Known(shown={"user": {"profile.account"}})
