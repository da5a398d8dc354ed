"""What recovery codes hear: with the first factor comes the way back when it is lost."""

from app.recovery_codes import service
from app.second_factor.events import FactorAdded


@FactorAdded.connect
def make_codes(event: FactorAdded) -> None:
    """Make codes for an account that has none left."""
    if not service.state_of(event.user_id).left:
        service.make(event.user_id)
