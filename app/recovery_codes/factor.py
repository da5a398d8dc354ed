"""Recovery codes, as a backup kind of second factor."""

from app.core.factor import Held, SecondFactor
from app.recovery_codes import service


class RecoveryCodes(SecondFactor):
    """Codes that were saved for the day when the real factor is lost."""

    key = service.KEY
    label = "Recovery code"
    about = "One of the codes that you saved. Each works once; blanks and dashes do not matter."
    set_up = "recovery_codes.index"
    is_backup = True
    is_digits = False

    def find(self, user_id: int) -> Held | None:
        """Count what is left."""
        state = service.state_of(user_id)
        if not state.left:
            return None
        return Held(self, f"{state.left} of {service.MADE} codes left", state.used_at)

    def verify(self, user_id: int, code: str, transaction: str) -> None:
        """Use a code up."""
        service.use(user_id, code)

    def remove(self, user_id: int) -> None:
        """Void every code."""
        service.remove(user_id)
